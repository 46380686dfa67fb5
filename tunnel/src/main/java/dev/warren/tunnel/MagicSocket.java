package dev.warren.tunnel;

import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.Coordination;
import dev.warren.protocol.tunnel.Coordination.DirectOffer;
import dev.warren.protocol.tunnel.NodeKey;
import dev.warren.protocol.tunnel.RelayMessage;
import dev.warren.tunnel.path.ProbeKeys;
import dev.warren.tunnel.path.Route;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What QUIC takes for its UDP socket: it sends each peer's datagrams the way they get through, by
/// the relay (several in one message), straight by UDP, or both ways. QUIC sees none of it: each
/// peer has one fake address for ever. All of it on the node's event loop.
@SuppressWarnings("FutureReturnValueIgnored") // what fails in Netty ends the channel, which is seen
final class MagicSocket {
  /// Most bytes that Linux takes in one segmented send.
  private static final int SEGMENTED_BYTES_MAX = 65_000;

  private final Map<NodeKey, Peer> byKey = new HashMap<>();
  private final Map<InetSocketAddress, Peer> byAddress = new HashMap<>();
  private final List<Peer> unflushed = new ArrayList<>();
  private final PathCounters counters = new PathCounters();
  private final KeyPair probeKeys = ProbeKeys.generate();
  private final MagicChannel dialing;
  private final MagicChannel accepting;
  private final DirectPaths dialed;
  private final DirectPaths accepted;
  private @Nullable RelayPath relay;
  private boolean dialingRead;
  private boolean acceptingRead;

  /// @param switched told when the way to a peer has changed
  MagicSocket(NodeId self, DirectSettings direct, Consumer<NodeId> switched) {
    InetSocketAddress address = Peer.fakeAddress(self);
    dialing = new MagicChannel(this, address, true);
    accepting = new MagicChannel(this, address, false);
    dialed = new DirectPaths(true, direct, probeKeys, dialing, counters, switched);
    accepted = new DirectPaths(false, direct, probeKeys, accepting, counters, switched);
  }

  /// Once, before anything else.
  void start(EventLoop loop, Transport transport) {
    dialed.start(loop, transport);
    accepted.start(loop, transport);
  }

  /// The channel for connections that this node dials.
  MagicChannel dialing() {
    return dialing;
  }

  /// The channel for connections that peers dial.
  MagicChannel accepting() {
    return accepting;
  }

  /// Any thread.
  NodeStats stats() {
    return counters.stats();
  }

  /// The direct paths of connections that this node dials, or that peers dial.
  DirectPaths paths(boolean isDialing) {
    return isDialing ? dialed : accepted;
  }

  /// The way to a peer.
  PathStatus status(NodeId id, boolean isDialing) {
    Peer peer = byKey.get(NodeKey.of(id));
    return peer == null
        ? PathStatus.relay("this node is not in touch with it", 0)
        : paths(isDialing).status(peer);
  }

  /// Largest packet to a peer now.
  int payloadBytes(NodeId id, boolean isDialing) {
    Peer peer = byKey.get(NodeKey.of(id));
    return peer == null ? Limits.PAYLOAD_BYTES : paths(isDialing).payloadBytes(peer);
  }

  /// A peer wants to meet; only known ones are heard.
  void met(Coordination.Meet meet) {
    Peer peer = byKey.get(NodeKey.of(meet.nodeId()));
    if (peer != null) {
      paths(!meet.fromDialer()).met(peer, meet);
    }
  }

  /// A peer is another process than before.
  void restarted(NodeId id) {
    Peer peer = byKey.get(NodeKey.of(id));
    if (peer != null) {
      dialed.restarted(peer);
      accepted.restarted(peer);
    }
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
      dialed.forget(peer);
      accepted.forget(peer);
      if (peer.batch != null) {
        peer.batch.release();
        peer.batch = null;
      }
    }
  }

  @Nullable Peer peerAt(InetSocketAddress address) {
    return byAddress.get(address);
  }

  /// The relay is there.
  void attached(RelayPath path, Optional<DirectOffer> direct) {
    relay = path;
    dialed.attached(path, direct);
    accepted.attached(path, direct);
  }

  /// This machine's network has changed.
  void moved() {
    dialed.moved();
    accepted.moved();
  }

  /// The relay is gone.
  void detached() {
    relay = null;
    dialed.detached();
    accepted.detached();
  }

  /// Sends a datagram, or many of one size, at the next flush.
  ///
  /// @param segmentBytes above zero when it is many, the last one perhaps smaller
  void send(InetSocketAddress to, boolean fromDialer, ByteBuf datagram, int segmentBytes) {
    Peer peer = byAddress.get(to);
    if (peer == null) {
      counters.unsendable();
      return;
    }
    DirectPaths paths = paths(fromDialer);
    switch (paths.route(peer)) {
      case Route.Relayed() -> relay(peer, fromDialer, datagram, segmentBytes);
      case Route.Direct(InetSocketAddress address) -> {
        if (!straight(paths, peer, address, datagram, segmentBytes)) {
          relay(peer, fromDialer, datagram, segmentBytes);
        }
      }
      case Route.Both(InetSocketAddress address) -> {
        straight(paths, peer, address, datagram, segmentBytes);
        relay(peer, fromDialer, datagram, segmentBytes);
      }
    }
  }

  /// Sends by UDP, unless the path is not known to carry so much.
  private static boolean straight(
      DirectPaths paths, Peer peer, InetSocketAddress to, ByteBuf datagram, int segmentBytes) {
    int length = datagram.readableBytes();
    int one = segmentBytes > 0 ? segmentBytes : length;
    if (one > paths.payloadBytes(peer)) {
      return false;
    }
    int most = segmentBytes > 0 ? Math.max(1, SEGMENTED_BYTES_MAX / one) * one : length;
    for (int at = 0; at < length; at += most) {
      int count = Math.min(most, length - at);
      paths.send(
          to, datagram.retainedSlice(datagram.readerIndex() + at, count), count > one ? one : 0);
    }
    return true;
  }

  private void relay(Peer peer, boolean fromDialer, ByteBuf datagram, int segmentBytes) {
    int length = datagram.readableBytes();
    int one = segmentBytes > 0 ? segmentBytes : length;
    for (int at = 0; at < length; at += one) {
      relayOne(peer, fromDialer, datagram, datagram.readerIndex() + at, Math.min(one, length - at));
    }
  }

  /// Puts a datagram behind the others for this peer.
  private void relayOne(Peer peer, boolean fromDialer, ByteBuf from, int index, int length) {
    if (length > RelayMessage.DATAGRAM_BYTES_MAX) {
      counters.unsendable();
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
    batch.writeBytes(from, index, length);
  }

  void flush() {
    dialed.flush();
    accepted.flush();
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
      counters.strange();
      return;
    }
    counters.relayReceived(message.readableBytes());
    NodeKey from =
        new NodeKey(message.readLong(), message.readLong(), message.readLong(), message.readLong());
    Peer peer = byKey.get(from);
    if (peer == null) {
      counters.strange();
      return;
    }
    while (message.readableBytes() > RelayMessage.LENGTH_BYTES) {
      int head = message.readUnsignedShort();
      int length = head & RelayMessage.DATAGRAM_BYTES_MAX;
      if (length == 0 || length > message.readableBytes()) {
        counters.strange();
        return;
      }
      // The codec takes no buffer with a reader index above zero: a slice has none.
      ByteBuf datagram = message.readRetainedSlice(length);
      if (!QuicHeader.isPlausible(datagram)) {
        datagram.release();
        counters.strange();
        continue;
      }
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
    dialed.close();
    accepted.close();
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
      counters.unsendable();
      return;
    }
    counters.relaySent(batch.readableBytes());
    path.send(batch);
  }
}
