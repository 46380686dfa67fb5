package dev.warren.tunnel;

import java.nio.charset.StandardCharsets;

/// The first bytes each way on a stream, in network order. The opener sends them with its first
/// write; the accepting side's go before its first write.
final class StreamHeader {
  /// `[0]` from the opener: the kind's code, or [#CONTROL]. Then `[1, 3)` the target's length, and
  /// the target in UTF-8.
  static final int OPEN_BYTES = 3;

  /// The kind's code of the first stream of a connection: the hello, which stays for pings.
  static final byte CONTROL = 0;

  /// The control stream's target: the version of all this.
  static final String VERSION = "warren/2";

  /// `[0]` from the accepting side: the stream is served; the peer's bytes follow.
  static final byte SERVED = 0;

  /// Or it is not; `[1, 3)` the reason's length, and the reason in UTF-8.
  static final byte REFUSED = 1;

  private StreamHeader() {}

  static byte[] open(byte code, String target) {
    return withText(code, target);
  }

  static byte[] refused(String reason) {
    return withText(REFUSED, reason);
  }

  /// @throws IllegalArgumentException when the text is too long
  private static byte[] withText(byte first, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > Limits.TEXT_BYTES) {
      throw new IllegalArgumentException(
          "a stream's target or reason of %d bytes; at most %d"
              .formatted(bytes.length, Limits.TEXT_BYTES));
    }
    byte[] header = new byte[OPEN_BYTES + bytes.length];
    header[0] = first;
    header[1] = (byte) (bytes.length >> 8);
    header[2] = (byte) bytes.length;
    System.arraycopy(bytes, 0, header, OPEN_BYTES, bytes.length);
    return header;
  }
}
