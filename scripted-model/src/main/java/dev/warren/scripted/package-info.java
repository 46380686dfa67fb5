/// A model that answers from a script, over HTTP and in the providers' own wire formats, for demos,
/// tests and benchmarks. It checks requests as strictly as the providers do, and can fail in each
/// of the ways in which they fail. Knows nothing of Warren: whoever talks to it takes it for a
/// provider. One virtual thread a connection; recorded requests and rule counters are the only
/// shared state.
@NullMarked
package dev.warren.scripted;

import org.jspecify.annotations.NullMarked;
