/// What nodes and the relay say to each other: the text frames of the attach connection, the proof
/// of a node's key, the kinds of streams and the layout of a binary relay message. Knows neither
/// sockets nor QUIC; everything here is a value or a pure function.
@NullMarked
package dev.warren.protocol.tunnel;

import org.jspecify.annotations.NullMarked;
