/// Nodes named by keys, streams between them over a relay or a direct path, and the relay.
@NullMarked
package dev.warren.tunnel;

import org.jspecify.annotations.NullMarked;
