package dev.warren.tunnel;

import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.NodeKey;
import io.netty.buffer.ByteBuf;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Another node as the magic socket knows it: one constant fake address, so that QUIC sees one path
/// for ever whichever way its packets go, and the message being filled for it.
final class Peer {
  /// `fd7a::/16` (a unique local prefix), then the first 14 bytes of the id.
  private static final byte[] PREFIX = {(byte) 0xfd, 0x7a};

  private static final int FAKE_PORT = 1;

  final NodeId id;
  final NodeKey key;
  final InetSocketAddress address;

  /// Datagrams that leave together at the next flush. Event loop.
  @Nullable ByteBuf batch;

  Peer(NodeId id) {
    this.id = id;
    this.key = NodeKey.of(id);
    this.address = fakeAddress(id);
  }

  static InetSocketAddress fakeAddress(NodeId id) {
    byte[] bytes = Arrays.copyOf(PREFIX, 16);
    System.arraycopy(id.bytes(), 0, bytes, PREFIX.length, bytes.length - PREFIX.length);
    try {
      InetAddress address = Inet6Address.getByAddress(null, bytes, -1);
      return new InetSocketAddress(address, FAKE_PORT);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("16 bytes are an address", e);
    }
  }
}
