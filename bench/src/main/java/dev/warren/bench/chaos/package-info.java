/// Chaos: what is promised, held against a cluster whose parts are killed at random. Nothing here
/// knows the control plane's inside but its ledger, which is read from the database.
@NullMarked
package dev.warren.bench.chaos;

import org.jspecify.annotations.NullMarked;
