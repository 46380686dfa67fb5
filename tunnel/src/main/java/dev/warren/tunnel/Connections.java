package dev.warren.tunnel;

import dev.warren.protocol.NodeId;
import dev.warren.tunnel.TunnelException.Stage;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicChannelOption;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The live QUIC connections of a node, dialed and accepted. A connection is accepted when the key
/// that its peer proved is the one that its packets come from, and approved. Dialed ones can be
/// looked up from any thread; all else happens on the event loop.
@SuppressWarnings("FutureReturnValueIgnored") // what fails in Netty ends the channel, which is seen
final class Connections {
  private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
  private static final AttributeKey<TunnelConnection> CONNECTION =
      AttributeKey.valueOf(Connections.class, "connection");

  /// Longest wait for the event loop to say which way packets go.
  private static final long STATUS_MS = 1_000;

  private final MagicSocket socket;
  private final InboundStreams inbound;
  private final Directory directory;

  /// Whom this node wants to reach: their keys are trusted, their packets taken. Each dial and each
  /// dialed connection counts, since a new dial may overlap with the end of what was there before.
  private final Map<NodeId, Integer> wanted = new ConcurrentHashMap<>();

  private final Map<NodeId, TunnelConnection> dialed = new ConcurrentHashMap<>();
  private final Map<NodeId, Deque<TunnelConnection>> accepted = new HashMap<>();
  private final AtomicInteger acceptedCount = new AtomicInteger();

  Connections(MagicSocket socket, InboundStreams inbound, Directory directory) {
    this.socket = socket;
    this.inbound = inbound;
    this.directory = directory;
  }

  boolean isWanted(NodeId node) {
    return wanted.containsKey(node);
  }

  /// The live dialed connection.
  Optional<TunnelConnection> live(NodeId peer) {
    return Optional.ofNullable(dialed.get(peer)).filter(TunnelConnection::isOpen);
  }

  /// Dials, on a virtual thread: handshake, the peer's key, hello.
  TunnelConnection dial(NodeId peer, long endNanos) throws IOException, InterruptedException {
    wanted.merge(peer, 1, Integer::sum);
    boolean up = false;
    try {
      TunnelConnection connection = handshake(peer, endNanos);
      try {
        connection.hello(endNanos);
      } catch (SocketTimeoutException e) {
        connection.end("no hello");
        throw new TunnelException(
            Stage.HELLO, "%s did not answer in time".formatted(peer.brief()), e);
      } catch (IOException e) {
        connection.end("no hello");
        throw new TunnelException(
            Stage.HELLO,
            "%s did not take this node in (%s)".formatted(peer.brief(), e.getMessage()),
            e);
      }
      dialed.put(peer, connection);
      up = true;
      connection
          .channel()
          .closeFuture()
          .addListener(done -> {
            dialed.remove(peer, connection);
            noLongerWanted(peer);
          });
      if (!connection.isOpen()) {
        throw new TunnelException(Stage.HELLO, connection.endReason());
      }
      return connection;
    } finally {
      if (!up) {
        socket.dialing().eventLoop().execute(() -> noLongerWanted(peer));
      }
    }
  }

  int acceptedCount() {
    return acceptedCount.get();
  }

  /// Takes in connections that peers dial.
  ChannelHandler acceptedConnections() {
    return new Accepting();
  }

  /// Takes in their streams.
  ChannelHandler acceptedStreams() {
    return new AcceptedStreams();
  }

  /// Pings what is in use and closes what is not.
  void beat() {
    long now = System.nanoTime();
    for (TunnelConnection connection : dialed.values()) {
      if (connection.isSpent(now)) {
        connection.end("unused");
      } else {
        connection.heartbeat();
      }
    }
  }

  /// A path is back: QUIC shall find out now, not at its next timer.
  void nudgeAll() {
    all().forEach(TunnelConnection::nudge);
  }

  /// The way to a peer has changed.
  void nudge(NodeId peer) {
    for (TunnelConnection connection : all()) {
      if (connection.peer().equals(peer)) {
        connection.nudge();
      }
    }
  }

  /// The peer is there, the same process, after one of us was away: it may have ended our
  /// connection while nothing could tell us.
  void verify(NodeId peer) {
    nudge(peer);
    live(peer)
        .ifPresent(
            connection -> Thread.ofVirtual().name("tunnel-verify").start(() -> verify(connection)));
  }

  private void verify(TunnelConnection connection) {
    try {
      var _ = connection.ping(Limits.VERIFY);
    } catch (TunnelException unanswered) {
      // A peer that has gone again meanwhile is asked when it is back.
      if (directory.isPresent(connection.peer())) {
        connection.end("the peer knows this connection no more");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// The peer is another process now, or no longer approved.
  void endAll(NodeId peer, String reason) {
    for (TunnelConnection connection : all()) {
      if (connection.peer().equals(peer)) {
        connection.end(reason);
      }
    }
  }

  void closeAll(String reason) {
    all().forEach(connection -> connection.end(reason));
  }

  /// Stops listening to a node that nothing connects us with.
  void forgetIfUnused(NodeId peer) {
    if (!wanted.containsKey(peer)
        && !accepted.containsKey(peer)
        && directory.approvals(peer).isEmpty()) {
      socket.forget(peer);
    }
  }

  /// Buffers for the packets to a peer.
  private PayloadAllocator packets(NodeId peer, boolean isDialing) {
    return new PayloadAllocator(() -> socket.payloadBytes(peer, isDialing));
  }

  /// The way to a peer, for any thread to ask.
  private Supplier<PathStatus> status(QuicChannel channel, NodeId peer, boolean isDialing) {
    return () -> {
      if (channel.eventLoop().inEventLoop()) {
        return socket.status(peer, isDialing);
      }
      Future<PathStatus> asked = channel.eventLoop().submit(() -> socket.status(peer, isDialing));
      return asked.awaitUninterruptibly(STATUS_MS) && asked.isSuccess()
          ? asked.getNow()
          : PathStatus.relay("the node is closing", 0);
    };
  }

  private void noLongerWanted(NodeId peer) {
    wanted.computeIfPresent(peer, (id, count) -> count == 1 ? null : count - 1);
    // Not at once: what is known of the ways to it is of use to the next dial.
    var _ =
        socket
            .dialing()
            .eventLoop()
            .schedule(
                () -> forgetIfUnused(peer), Limits.REMEMBERED.toMillis(), TimeUnit.MILLISECONDS);
  }

  private List<TunnelConnection> all() {
    List<TunnelConnection> all = new ArrayList<>(dialed.values());
    accepted.values().forEach(all::addAll);
    return all;
  }

  private TunnelConnection handshake(NodeId peer, long endNanos)
      throws TunnelException, InterruptedException {
    long left = Math.max(1, (endNanos - System.nanoTime()) / 1_000_000);
    Channel parent = socket.dialing();
    ConnectionWatcher watcher = new ConnectionWatcher(active -> {});
    // The peer must be known before its first packet comes: on the loop, ahead of the connect.
    parent.eventLoop().execute(() -> socket.know(peer));
    Future<QuicChannel> connecting =
        QuicChannel.newBootstrap(parent)
            .handler(watcher)
            .streamHandler(new Refusing())
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) left)
            .option(ChannelOption.ALLOCATOR, packets(peer, true))
            .option(QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR, QuicCodecs.SEGMENTS)
            .localAddress(parent.localAddress())
            .remoteAddress(Peer.fakeAddress(peer))
            .connect();
    if (!connecting.await(left + 50, TimeUnit.MILLISECONDS)) {
      connecting.cancel(true);
      throw new TunnelException(
          Stage.HANDSHAKE, "%s did not answer within %d ms".formatted(peer.brief(), left));
    }
    if (!connecting.isSuccess()) {
      Throwable cause = connecting.cause();
      throw new TunnelException(
          Stage.HANDSHAKE,
          "%s: %s".formatted(peer.brief(), String.valueOf(cause.getMessage())),
          cause);
    }
    QuicChannel channel = connecting.getNow();
    Optional<NodeId> proved = QuicCodecs.peer(channel);
    if (!proved.equals(Optional.of(peer))) {
      channel.close();
      throw new TunnelException(
          Stage.HANDSHAKE, "what answers for %s has another key".formatted(peer.brief()));
    }
    TunnelConnection connection =
        new TunnelConnection(peer, channel, true, status(channel, peer, true));
    watcher.watch(connection);
    channel.closeFuture().addListener(done -> watcher.end());
    return connection;
  }

  /// On the loop, once the handshake is done.
  private @Nullable TunnelConnection admit(QuicChannel channel) {
    Peer peer =
        channel.remoteSocketAddress() instanceof InetSocketAddress from
            ? socket.peerAt(from)
            : null;
    Optional<NodeId> proved = QuicCodecs.peer(channel);
    if (peer == null
        || !proved.equals(Optional.of(peer.id))
        || directory.approvals(peer.id).isEmpty()) {
      LOG.debug("refused a connection of {}", proved.map(NodeId::brief).orElse("no key"));
      channel.close();
      return null;
    }
    TunnelConnection connection =
        new TunnelConnection(peer.id, channel, false, status(channel, peer.id, false));
    Deque<TunnelConnection> ofPeer = accepted.computeIfAbsent(peer.id, id -> new ArrayDeque<>());
    ofPeer.add(connection);
    acceptedCount.incrementAndGet();
    if (ofPeer.size() > Limits.CONNECTIONS_PER_PEER) {
      ofPeer.remove().end("more than %d connections".formatted(Limits.CONNECTIONS_PER_PEER));
    }
    return connection;
  }

  private void removeAccepted(TunnelConnection connection) {
    acceptedCount.decrementAndGet();
    Deque<TunnelConnection> ofPeer = accepted.get(connection.peer());
    if (ofPeer != null) {
      ofPeer.remove(connection);
      if (ofPeer.isEmpty()) {
        accepted.remove(connection.peer());
        forgetIfUnused(connection.peer());
      }
    }
  }

  @Sharable
  private final class Accepting extends ChannelInitializer<QuicChannel> {
    @Override
    protected void initChannel(QuicChannel channel) {
      Peer from =
          channel.remoteSocketAddress() instanceof InetSocketAddress address
              ? socket.peerAt(address)
              : null;
      if (from != null) {
        channel.config().setAllocator(packets(from.id, false));
      }
      channel
          .config()
          .setOption(QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR, QuicCodecs.SEGMENTS);
      channel.pipeline().addLast(new ConnectionWatcher(watcher -> admit(channel, watcher)));
    }

    private void admit(QuicChannel channel, ConnectionWatcher watcher) {
      TunnelConnection admitted = Connections.this.admit(channel);
      if (admitted != null) {
        watcher.watch(admitted);
        channel.attr(CONNECTION).set(admitted);
        channel.closeFuture().addListener(done -> removeAccepted(admitted));
      }
    }
  }

  @Sharable
  private final class AcceptedStreams extends ChannelInitializer<QuicStreamChannel> {
    @Override
    protected void initChannel(QuicStreamChannel stream) {
      TunnelConnection connection = stream.parent().attr(CONNECTION).get();
      if (connection == null) {
        stream.close();
        return;
      }
      inbound.serve(connection, connection.pipe(stream, true));
    }
  }

  /// On a dialed connection the peer opens nothing.
  @Sharable
  private static final class Refusing extends ChannelInitializer<QuicStreamChannel> {
    @Override
    protected void initChannel(QuicStreamChannel stream) {
      stream.shutdown(1);
      stream.close();
    }
  }
}
