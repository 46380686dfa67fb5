package dev.warren.tunnel.path;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Optional;

/// What two nodes say to each other to prove a path, before it is sealed by [ProbeKeys].
public sealed interface Probe {
  /// Answer this, to where it comes from.
  ///
  /// @param sequence greater than all before
  record Ping(long sequence) implements Probe {}

  /// The answer.
  ///
  /// @param seen where the ping came from
  record Pong(long sequence, InetSocketAddress seen) implements Probe {}

  /// `[0]` what it is; `[1, 9)` the sequence; of a pong `[9]` the length of an address, then the
  /// address and `u16` its port. Zeros up to the size that is to be proved.
  byte PING = 1;

  byte PONG = 2;

  /// Longest content without padding.
  int BYTES_MAX = 1 + Long.BYTES + 1 + 16 + Short.BYTES;

  /// Writes it, without padding.
  default void putTo(ByteBuffer into) {
    switch (this) {
      case Ping(long sequence) -> into.put(PING).putLong(sequence);
      case Pong(long sequence, InetSocketAddress seen) -> {
        byte[] address = seen.getAddress().getAddress();
        into.put(PONG)
            .putLong(sequence)
            .put((byte) address.length)
            .put(address)
            .putShort((short) seen.getPort());
      }
    }
  }

  /// Reads one.
  static Optional<Probe> read(ByteBuffer from) {
    if (from.remaining() < 1 + Long.BYTES) {
      return Optional.empty();
    }
    byte what = from.get();
    long sequence = from.getLong();
    if (what == PING) {
      return Optional.of(new Ping(sequence));
    }
    if (what != PONG || from.remaining() < 1) {
      return Optional.empty();
    }
    return readAddress(from).map(seen -> new Pong(sequence, seen));
  }

  /// Reads the length of an address, the address and its port.
  static Optional<InetSocketAddress> readAddress(ByteBuffer from) {
    int length = from.remaining() < 1 ? 0 : from.get();
    if ((length != 4 && length != 16) || from.remaining() < length + Short.BYTES) {
      return Optional.empty();
    }
    byte[] address = new byte[length];
    from.get(address);
    int port = Short.toUnsignedInt(from.getShort());
    try {
      return Optional.of(new InetSocketAddress(InetAddress.getByAddress(address), port));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }
}
