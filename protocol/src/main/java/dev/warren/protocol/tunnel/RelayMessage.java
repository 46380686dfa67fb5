package dev.warren.protocol.tunnel;

import dev.warren.protocol.NodeId;

/// The layout of a binary message between node and relay, in network order: the other node's id,
/// then one or more datagrams, each after its length. On the way to the relay the id says to whom;
/// the relay writes the sender's id over it and forwards the rest as it came.
public final class RelayMessage {
  /// `[0, 32)` the other node's id.
  public static final int ID_BYTES = NodeId.BYTES;

  /// Before each datagram: its length in the lower 15 bits, and [#FROM_DIALER].
  public static final int LENGTH_BYTES = 2;

  /// Set when the datagram comes from the side that dialed its connection: it is for the receiver's
  /// accepting side. Clear for the other direction.
  public static final int FROM_DIALER = 0x8000;

  /// Longest datagram.
  public static final int DATAGRAM_BYTES_MAX = 0x7fff;

  /// Longest message that a node sends. Jetty copies what is under a quarter of its 64 KiB output
  /// buffer, so that several messages leave in one write.
  public static final int BYTES_MAX = 16 * 1024 - 64;

  private RelayMessage() {}
}
