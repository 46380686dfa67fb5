package dev.warren.tunnel;

import io.netty.buffer.ByteBuf;

/// The bits of a QUIC packet that no key protects (RFC 8999, section 5; RFC 9000, section 17).
final class QuicHeader {
  private static final int LONG = 0x80;
  private static final int FIXED = 0x40;
  private static final int VERSION_BYTES = 4;
  private static final int VERSION_1 = 1;

  private QuicHeader() {}

  /// Whether a packet may be one of version 1, which all nodes speak. What is not would cost the
  /// codec much more to refuse, and an answer: it offers its versions.
  static boolean isPlausible(ByteBuf packet) {
    if (!packet.isReadable()) {
      return false;
    }
    int at = packet.readerIndex();
    int first = packet.getByte(at);
    if ((first & FIXED) == 0) {
      return false;
    }
    return (first & LONG) == 0
        || (packet.readableBytes() > VERSION_BYTES && packet.getInt(at + 1) == VERSION_1);
  }
}
