/// Benchmarks of the whole system, each beside a peer that does the same work in the same run. What
/// is measured runs in processes of its own, started as users start them, with throw-away data on
/// loopback ports, and is ended by its process id. CPU and memory come from `/proc`, which makes
/// this Linux only. Knows the product by its API and commands only.
@NullMarked
package dev.warren.bench;

import org.jspecify.annotations.NullMarked;
