package dev.warren.tunnel;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.Coordination;
import dev.warren.protocol.tunnel.Coordination.DirectOffer;
import dev.warren.tunnel.TunnelException.Stage;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One end of tunnels: attaches to a relay, dials peers and accepts their streams.
@SuppressWarnings("FutureReturnValueIgnored") // what fails in Netty ends the channel, which is seen
public final class TunnelNode implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TunnelNode.class);

  /// Longest wait for the event loop to end.
  private static final Duration SHUTDOWN_MAX = Duration.ofSeconds(2);

  /// How often the answer to a question is looked for.
  private static final Duration ANSWER_POLL = Duration.ofMillis(10);

  private final NodeIdentity identity;
  private final UUID instance = UUID.randomUUID();
  private final AtomicLong lastAttach = new AtomicLong();
  private final Transport transport = Transport.choose();
  private final UnaryOperator<RelayPath> weather;
  private final Directory directory = new Directory();
  private final InboundStreams inbound;
  private final MagicSocket socket;
  private final Connections connections;
  private final Map<NodeId, Dial> dials = new ConcurrentHashMap<>();
  private final AttachListener listener = new FromRelay();
  private final Object lock = new Object();

  @GuardedBy("lock")
  private @Nullable MultiThreadIoEventLoopGroup group;

  @GuardedBy("lock")
  private @Nullable RelayAttachment attachment;

  @GuardedBy("lock")
  private boolean closed;

  /// A node that may have direct paths, where its relay offers them.
  public TunnelNode(NodeIdentity identity, StreamAcceptor acceptor) {
    this(identity, acceptor, DirectSettings.ANY_PORT);
  }

  public TunnelNode(NodeIdentity identity, StreamAcceptor acceptor, DirectSettings direct) {
    this(identity, acceptor, direct, UnaryOperator.identity());
  }

  /// @param weather put around each path to the relay; tests lose packets in it
  TunnelNode(
      NodeIdentity identity,
      StreamAcceptor acceptor,
      DirectSettings direct,
      UnaryOperator<RelayPath> weather) {
    this.identity = identity;
    this.weather = weather;
    this.inbound = new InboundStreams(acceptor, directory::approvals);
    this.socket = new MagicSocket(identity.id(), direct, this::switched);
    this.connections = new Connections(socket, inbound, directory);
  }

  public NodeId id() {
    return identity.id();
  }

  /// Starts the event loop.
  ///
  /// @throws TunnelException when the native QUIC library does not load here, saying why in a line
  public void start() throws TunnelException {
    QuicCodecs.ensureAvailable();
    synchronized (lock) {
      if (group != null || closed) {
        throw new IllegalStateException("a node is started once");
      }
      group =
          new MultiThreadIoEventLoopGroup(
              1, new DefaultThreadFactory("tunnel-" + id().brief(), true), transport.ioHandlers());
      EventLoop loop = group.next();
      socket.dialing().pipeline().addLast(QuicCodecs.client(identity, connections::isWanted));
      socket
          .accepting()
          .pipeline()
          .addLast(
              QuicCodecs.server(
                  identity,
                  node -> !directory.approvals(node).isEmpty(),
                  connections.acceptedConnections(),
                  connections.acceptedStreams()));
      loop.submit(() -> socket.start(loop, transport)).syncUninterruptibly();
      loop.register(socket.dialing()).syncUninterruptibly();
      loop.register(socket.accepting()).syncUninterruptibly();
      loop.scheduleWithFixedDelay(
          connections::beat,
          Limits.HEARTBEAT.toMillis(),
          Limits.HEARTBEAT.toMillis(),
          TimeUnit.MILLISECONDS);
    }
  }

  /// Begins to attach, and keeps attached. One attachment at a time.
  public RelayAttachment attach(RelayEndpoint endpoint) {
    synchronized (lock) {
      MultiThreadIoEventLoopGroup running = group;
      if (running == null || closed) {
        throw new IllegalStateException("a node attaches between start and close");
      }
      if (attachment != null && !attachment.isOver()) {
        throw new IllegalStateException("this node has an attachment already; close that first");
      }
      EventLoop loop = running.next();
      RelayAttachment begun =
          switch (endpoint) {
            case RelayEndpoint.Url url -> attach(url, loop);
            case RelayEndpoint.InProcess own -> attach(own, loop);
          };
      attachment = begun;
      return begun;
    }
  }

  /// The live connection to this peer, or else a new one; callers that come meanwhile share the
  /// dial.
  ///
  /// @param deadline for all of it: relay, handshake and hello
  public TunnelConnection connection(NodeId peer, Duration deadline)
      throws TunnelException, InterruptedException {
    long end = System.nanoTime() + deadline.toNanos();
    awaitPeer(peer, deadline);
    Optional<TunnelConnection> live = connections.live(peer);
    if (live.isPresent()) {
      return live.get();
    }
    return dial(peer).await(Math.max(1, end - System.nanoTime()));
  }

  /// Whether the relay says that this peer is attached.
  public boolean isPresent(NodeId peer) {
    return directory.isPresent(peer);
  }

  /// Connections that peers dialed and that are open.
  public int acceptedConnections() {
    return connections.acceptedCount();
  }

  /// Largest packet to a peer that this node dials now: for tests.
  int payloadBytes(NodeId peer) {
    MultiThreadIoEventLoopGroup running;
    synchronized (lock) {
      running = group;
    }
    return running == null
        ? 0
        : running
            .next()
            .submit(() -> socket.payloadBytes(peer, true))
            .syncUninterruptibly()
            .getNow();
  }

  /// What can be seen of this node's place in the network: asks the control plane's host by UDP
  /// which address it sees.
  ///
  /// @param atMost how long to wait for its answer
  public NetCheck netCheck(Duration atMost) throws InterruptedException {
    RelayAttachment standing;
    EventLoop loop;
    synchronized (lock) {
      if (group == null || closed) {
        throw new IllegalStateException("a node checks its network between start and close");
      }
      standing = attachment;
      loop = group.next();
    }
    long end = System.nanoTime() + atMost.toNanos();
    DirectPaths paths = socket.paths(true);
    loop.execute(paths::ask);
    while (true) {
      boolean attached = standing != null && standing.isAttached();
      NetCheck found = loop.submit(() -> paths.netCheck(attached)).syncUninterruptibly().getNow();
      if (found.answered().isPresent() || System.nanoTime() > end) {
        return found;
      }
      Thread.sleep(ANSWER_POLL);
    }
  }

  /// Which datagrams leave by UDP, by their size: for tests.
  void weather(IntPredicate leaves) {
    socket.paths(true).weather(leaves);
    socket.paths(false).weather(leaves);
  }

  /// What this node has counted.
  public NodeStats stats() {
    return socket.stats();
  }

  /// Closes all connections, telling their peers, and ends the event loop.
  @Override
  public void close() {
    MultiThreadIoEventLoopGroup running;
    RelayAttachment standing;
    synchronized (lock) {
      if (closed) {
        return;
      }
      closed = true;
      running = group;
      standing = attachment;
    }
    if (running == null) {
      return;
    }
    running.next().submit(() -> connections.closeAll("the node is closing")).awaitUninterruptibly();
    if (standing != null) {
      standing.close();
    }
    running.next().submit(socket::close).awaitUninterruptibly();
    running
        .shutdownGracefully(0, SHUTDOWN_MAX.toMillis(), TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(SHUTDOWN_MAX.toMillis());
  }

  private RelayAttachment attach(RelayEndpoint.Url url, EventLoop loop) {
    AtomicReference<AttachLoop> running = new AtomicReference<>();
    RelayAttachment begun =
        new RelayAttachment(() -> {
          AttachLoop started = running.get();
          if (started != null) {
            started.disconnect();
          }
        });
    AttachLoop attaching =
        new AttachLoop(url, identity, instance, this::nextAttach, loop, transport, listener, begun);
    running.set(attaching);
    Thread.ofVirtual().name("tunnel-attach").start(attaching);
    return begun;
  }

  private RelayAttachment attach(RelayEndpoint.InProcess own, EventLoop loop) {
    AtomicReference<InProcessRelay> running = new AtomicReference<>();
    RelayAttachment begun =
        new RelayAttachment(() -> {
          InProcessRelay started = running.get();
          if (started != null) {
            started.detach();
          }
        });
    InProcessRelay link = new InProcessRelay(loop, listener, begun);
    running.set(link);
    link.attach(own.relay(), id(), instance, nextAttach());
    return begun;
  }

  /// Greater each time, in this process and in the next one of this node.
  private long nextAttach() {
    return lastAttach.updateAndGet(last -> Math.max(last + 1, System.currentTimeMillis()));
  }

  /// A live connection needs no relay to be used; but a peer that the relay says is gone is waited
  /// for, since what is asked of it now would be lost with it.
  private void awaitPeer(NodeId peer, Duration deadline)
      throws TunnelException, InterruptedException {
    RelayAttachment standing;
    synchronized (lock) {
      standing = attachment;
    }
    if (standing == null || standing.isOver()) {
      throw new TunnelException(Stage.RELAY, "this node is not attached to a relay");
    }
    if (!standing.isAttached() && connections.live(peer).isPresent()) {
      return;
    }
    if (directory.awaitPresent(peer, deadline.toNanos())) {
      return;
    }
    if (!standing.isAttached()) {
      throw new TunnelException(
          Stage.RELAY,
          "this node has not been attached to the relay for %d s"
              .formatted(standing.detachedFor().toSeconds()));
    }
    throw new TunnelException(
        Stage.RELAY,
        "%s is not attached to the relay (or this node may not dial it); waited %d ms"
            .formatted(peer.brief(), deadline.toMillis()));
  }

  private Dial dial(NodeId peer) {
    Dial mine = new Dial(peer);
    Dial running = dials.putIfAbsent(peer, mine);
    if (running != null) {
      return running;
    }
    long end = System.nanoTime() + Limits.DIAL.toNanos();
    Thread.ofVirtual()
        .name("tunnel-dial")
        .start(() -> {
          // A dial that ended just now may have left what is wanted.
          Optional<TunnelConnection> live = connections.live(peer);
          mine.run(
              () -> live.isPresent() ? live.get() : connections.dial(peer, end),
              () -> dials.remove(peer, mine));
        });
    return mine;
  }

  /// QUIC shall find out at once that its packets go another way. On the event loop.
  private void switched(NodeId peer) {
    connections.nudge(peer);
  }

  /// What the relay says, on the event loop.
  private final class FromRelay implements AttachListener {
    private @Nullable RelayPath current;

    @Override
    public void attached(RelayPath path, Optional<DirectOffer> direct) {
      LOG.debug("{} is attached", id().brief());
      current = path;
      socket.attached(weather.apply(path), direct);
      connections.nudgeAll();
    }

    @Override
    public void coordination(Coordination frame) {
      switch (frame) {
        case Coordination.Peers peers -> {
          Set<NodeId> gone = directory.approve(peers);
          peers.approved().forEach(dialer -> socket.know(dialer.nodeId()));
          for (NodeId peer : gone) {
            connections.endAll(peer, "no longer approved");
            connections.forgetIfUnused(peer);
          }
        }
        case Coordination.Presence presence -> {
          if (directory.presence(presence)) {
            socket.restarted(presence.nodeId());
            connections.endAll(presence.nodeId(), "the peer has restarted");
          } else if (presence.instance().isPresent()) {
            connections.verify(presence.nodeId());
          }
        }
        case Coordination.Restarting restarting ->
            LOG.debug("the relay restarts, back in {} ms", restarting.afterMs());
        case Coordination.Challenge challenge -> LOG.debug("a late challenge: {}", challenge);
        case Coordination.Attach attach -> LOG.debug("an attach from the relay: {}", attach);
        case Coordination.Attached attached -> LOG.debug("attached again: {}", attached);
        case Coordination.Meet meet -> socket.met(meet);
        case Coordination.GitCredential question -> LOG.debug("the relay asks: {}", question);
        case Coordination.GitAnswer answer -> LOG.debug("a late answer: {}", answer);
      }
    }

    @Override
    public void message(ByteBuf message) {
      socket.receive(message);
    }

    @Override
    public void messagesEnd() {
      socket.receiveComplete();
    }

    @Override
    public void moved() {
      socket.moved();
    }

    @Override
    public void detached(RelayPath path) {
      if (path.equals(current)) {
        current = null;
        socket.detached();
        directory.unknown();
      }
    }
  }
}
