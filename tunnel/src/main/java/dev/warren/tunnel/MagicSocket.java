package dev.warren.tunnel;

import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.NodeKey;
import dev.warren.protocol.tunnel.RelayMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// What QUIC takes for its UDP socket: it sends each peer's datagrams the way they get through.
/// Today there is one way, the relay; several datagrams to one peer leave in one message. The
/// choice of a path belongs in [#send], beneath the fake addresses. All of it on the node's event
/// loop.
@SuppressWarnings("FutureReturnValueIgnored") // what fails in Netty ends the channel, which is seen
final class MagicSocket {
  private final Map<NodeKey, Peer> byKey = new HashMap<>();
  private final Map<InetSocketAddress, Peer> byAddress = new HashMap<>();
  private final List<Peer> unflushed = new ArrayList<>();
  private final LongAdder dropped = new LongAdder();
  private final MagicChannel dialing;
  private final MagicChannel accepting;
  private @Nullable RelayPath relay;
  private boolean dialingRead;
  private boolean acceptingRead;

  MagicSocket(NodeId self) {
    InetSocketAddress address = Peer.fakeAddress(self);
    dialing = new MagicChannel(this, address, true);
    accepting = new MagicChannel(this, address, false);
  }

  /// The channel for connections that this node dials.
  MagicChannel dialing() {
    return dialing;
  }

  /// The channel for connections that peers dial.
  MagicChannel accepting() {
    return accepting;
  }

  /// Datagrams that found no way out.
  long dropped() {
    return dropped.sum();
  }

  /// Makes a peer known: what comes from others is dropped unseen.
  Peer know(NodeId id) {
    return byKey.computeIfAbsent(
        NodeKey.of(id),
        key -> {
          Peer peer = new Peer(id);
          byAddress.put(peer.address, peer);
          return peer;
        });
  }

  void forget(NodeId id) {
    Peer peer = byKey.remove(NodeKey.of(id));
    if (peer != null) {
      byAddress.remove(peer.address);
      unflushed.remove(peer);
      if (peer.batch != null) {
        peer.batch.release();
        peer.batch = null;
      }
    }
  }

  @Nullable Peer peerAt(InetSocketAddress address) {
    return byAddress.get(address);
  }

  void relay(@Nullable RelayPath path) {
    relay = path;
  }

  /// Puts a datagram behind the others for this peer.
  void send(InetSocketAddress to, boolean fromDialer, ByteBuf datagram) {
    Peer peer = byAddress.get(to);
    int length = datagram.readableBytes();
    if (peer == null || length > RelayMessage.DATAGRAM_BYTES_MAX) {
      dropped.increment();
      return;
    }
    ByteBuf batch = peer.batch;
    int size = RelayMessage.LENGTH_BYTES + length;
    if (batch != null && batch.readableBytes() + size > RelayMessage.BYTES_MAX) {
      sendBatch(peer, batch);
      batch = null;
    }
    if (batch == null) {
      batch =
          ByteBufAllocator.DEFAULT.directBuffer(
              Math.max(RelayMessage.BYTES_MAX, RelayMessage.ID_BYTES + size));
      batch
          .writeLong(peer.key.first())
          .writeLong(peer.key.second())
          .writeLong(peer.key.third())
          .writeLong(peer.key.fourth());
      peer.batch = batch;
      if (!unflushed.contains(peer)) {
        unflushed.add(peer);
      }
    }
    batch.writeShort(fromDialer ? length | RelayMessage.FROM_DIALER : length);
    batch.writeBytes(datagram);
  }

  void flush() {
    if (unflushed.isEmpty()) {
      return;
    }
    for (Peer peer : unflushed) {
      ByteBuf batch = peer.batch;
      if (batch != null) {
        sendBatch(peer, batch);
      }
    }
    unflushed.clear();
    if (relay != null) {
      relay.flush();
    }
  }

  /// Takes a message of the relay apart; the caller releases it, and calls [#receiveComplete] when
  /// no more is at hand.
  void receive(ByteBuf message) {
    if (message.readableBytes() < RelayMessage.ID_BYTES) {
      dropped.increment();
      return;
    }
    NodeKey from =
        new NodeKey(message.readLong(), message.readLong(), message.readLong(), message.readLong());
    Peer peer = byKey.get(from);
    if (peer == null) {
      dropped.increment();
      return;
    }
    while (message.readableBytes() > RelayMessage.LENGTH_BYTES) {
      int head = message.readUnsignedShort();
      int length = head & RelayMessage.DATAGRAM_BYTES_MAX;
      if (length == 0 || length > message.readableBytes()) {
        dropped.increment();
        return;
      }
      // The codec takes no buffer with a reader index above zero: a slice has none.
      ByteBuf datagram = message.readRetainedSlice(length);
      if ((head & RelayMessage.FROM_DIALER) != 0) {
        acceptingRead = true;
        accepting.receive(peer.address, datagram);
      } else {
        dialingRead = true;
        dialing.receive(peer.address, datagram);
      }
    }
  }

  void receiveComplete() {
    if (dialingRead) {
      dialingRead = false;
      dialing.pipeline().fireChannelReadComplete();
    }
    if (acceptingRead) {
      acceptingRead = false;
      accepting.pipeline().fireChannelReadComplete();
    }
  }

  void close() {
    dialing.close();
    accepting.close();
    for (Peer peer : List.copyOf(byKey.values())) {
      forget(peer.id);
    }
  }

  private void sendBatch(Peer peer, ByteBuf batch) {
    peer.batch = null;
    RelayPath path = relay;
    if (path == null || !path.isWritable()) {
      batch.release();
      dropped.increment();
      return;
    }
    path.send(batch);
  }
}
