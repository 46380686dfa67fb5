/// The daemon's HTTP API (contract, section 5) as records, shared by the daemon and its callers.
/// Paths are absolute; sizes are bytes; times are UTC.
@NullMarked
package dev.warren.protocol.daemon;

import org.jspecify.annotations.NullMarked;
