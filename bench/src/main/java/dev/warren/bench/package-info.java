/// Benchmarks, each beside a peer in the same run.
@NullMarked
package dev.warren.bench;

import org.jspecify.annotations.NullMarked;
