package dev.warren.tunnel.path;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;

/// How a node learns at which address the world sees its UDP socket: it asks the control plane's.
/// The question is as long as the longest answer, so that a forged one gains nobody anything.
///
/// Question: `[0]` 9, `[1, 9)` a number, zeros to [#BYTES]. Answer: `[0]` 10, `[1, 9)` the number,
/// then `[9]` the length of the address, the address, `u16` its port, zeros to [#BYTES].
public final class AddressQuestion {
  /// First bytes: neither QUIC nor STUN, RFC 9443.
  public static final byte QUESTION = 9;

  public static final byte ANSWER = 10;

  static final int BYTES = 32;

  /// What the other side sees.
  public record Answer(long number, InetSocketAddress seen) {}

  private AddressQuestion() {}

  public static byte[] question(long number) {
    return ByteBuffer.allocate(BYTES).put(QUESTION).putLong(number).array();
  }

  /// The answer to what looks like a question.
  public static Optional<byte[]> answer(byte[] question, InetSocketAddress from) {
    if (question.length != BYTES || question[0] != QUESTION) {
      return Optional.empty();
    }
    byte[] address = from.getAddress().getAddress();
    return Optional.of(
        ByteBuffer.allocate(BYTES)
            .put(ANSWER)
            .put(question, 1, Long.BYTES)
            .put((byte) address.length)
            .put(address)
            .putShort((short) from.getPort())
            .array());
  }

  /// Reads an answer.
  public static Optional<Answer> read(byte[] datagram) {
    if (datagram.length != BYTES || datagram[0] != ANSWER) {
      return Optional.empty();
    }
    ByteBuffer from = ByteBuffer.wrap(datagram, 1, BYTES - 1);
    long number = from.getLong();
    return Probe.readAddress(from).map(seen -> new Answer(number, seen));
  }
}
