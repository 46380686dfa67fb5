package dev.warren.tunnel;

import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.Coordination.DirectOffer;
import dev.warren.protocol.tunnel.Coordination.Meet;
import dev.warren.tunnel.path.AddressQuestion;
import dev.warren.tunnel.path.PathSelector;
import dev.warren.tunnel.path.PathSelector.Action;
import dev.warren.tunnel.path.Probe;
import dev.warren.tunnel.path.ProbeKeys;
import dev.warren.tunnel.path.Route;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// The direct paths of one role, dialing or accepting, over its UDP socket: feeds each peer's
/// [PathSelector] and does what it wants done. Two roles have two sockets, so that a datagram needs
/// no mark of which QUIC codec it is for. On the node's event loop.
final class DirectPaths implements DirectSocket.Receiver {
  /// How often paths that are in use are looked after.
  private static final long TICK_MS = 50;

  private static final long OPENING_MS = 5;

  private final boolean dialing;
  private final DirectSettings settings;
  private final KeyPair probeKeys;
  private final MagicChannel channel;
  private final Consumer<NodeId> switched;
  private final PathCounters counters;
  private final PathTable table = new PathTable();
  private final List<DirectPath> ticking = new ArrayList<>();
  private final Introducer introducer;
  private @Nullable EventLoop loop;
  private @Nullable DirectSocket socket;
  private boolean tickScheduled;
  private boolean unflushed;
  private boolean read;

  /// @param switched told when a peer's way has changed
  DirectPaths(
      boolean dialing,
      DirectSettings settings,
      KeyPair probeKeys,
      MagicChannel channel,
      PathCounters counters,
      Consumer<NodeId> switched) {
    this.dialing = dialing;
    this.settings = settings;
    this.probeKeys = probeKeys;
    this.channel = channel;
    this.counters = counters;
    this.switched = switched;
    this.introducer =
        new Introducer(dialing, Base64.getEncoder().encodeToString(ProbeKeys.publicKey(probeKeys)));
  }

  /// Once, before anything else.
  void start(EventLoop loop, Transport transport) {
    this.loop = loop;
    if (!settings.allowed()) {
      return;
    }
    boolean fixed = dialing && settings.port().isPresent();
    socket = new DirectSocket(transport, loop, this, fixed ? settings.port().getAsInt() : 0);
    introducer.use(socket, fixed);
    if (fixed) {
      socket.open();
    }
  }

  /// The relay is there, and says whether direct paths are wanted.
  void attached(RelayPath path, Optional<DirectOffer> offered) {
    introducer.attached(path, offered);
    if (offered.isEmpty()) {
      table.all().forEach(this::remove);
    }
    long now = System.nanoTime();
    ticking.forEach(one -> one.selector.relayBack(now));
  }

  /// This machine's network has changed.
  void moved() {
    introducer.told();
  }

  /// The relay is gone; paths stay.
  void detached() {
    introducer.detached();
  }

  /// Which way the next datagram to this peer goes.
  Route route(Peer peer) {
    if (!introducer.isOffered() || socket == null) {
      return Route.RELAYED;
    }
    DirectPath path = path(peer);
    Route route = path.selector.route(System.nanoTime());
    keepTicking(path);
    return route;
  }

  /// Largest datagram for this peer now.
  int payloadBytes(Peer peer) {
    DirectPath path = table.find(peer.key);
    return path == null || path.selector.isRelayed()
        ? Limits.PAYLOAD_BYTES_MAX
        : path.selector.payloadBytes();
  }

  /// Sends by UDP, at the next flush.
  ///
  /// @param datagram released here
  void send(InetSocketAddress to, ByteBuf datagram, int segmentBytes) {
    DirectSocket open = socket;
    if (open == null) {
      datagram.release();
      return;
    }
    counters.directSent(datagram.readableBytes());
    unflushed = true;
    open.send(to, datagram, segmentBytes);
  }

  void flush() {
    if (unflushed && socket != null) {
      unflushed = false;
      socket.flush();
    }
  }

  /// The peer wants to meet, or answers.
  void met(Peer peer, Meet meet) {
    if (!introducer.isOffered() || socket == null || meet.fromDialer() == dialing) {
      return;
    }
    byte[] key;
    try {
      key = Base64.getDecoder().decode(meet.probeKey());
    } catch (IllegalArgumentException e) {
      return;
    }
    long now = System.nanoTime();
    DirectPath path = path(peer);
    if (path.changesKey(key)) {
      table.rekey(path, probeKeys, key, now);
    }
    boolean loopback = OwnAddresses.onlyLoopback();
    List<InetSocketAddress> addresses =
        meet.addresses().stream()
            .flatMap(text -> OwnAddresses.parse(text, loopback).stream())
            .toList();
    path.introduced = true;
    path.selector.met(addresses, now);
    keepTicking(path);
    if (!dialing && path.mayAnswer(now)) {
      introduce(path, now);
    }
  }

  /// The peer is another process now.
  void restarted(Peer peer) {
    DirectPath path = table.find(peer.key);
    if (path != null) {
      table.forgetAddresses(path);
      path.selector.reset(System.nanoTime());
    }
  }

  void forget(Peer peer) {
    DirectPath path = table.find(peer.key);
    if (path != null) {
      remove(path);
    }
  }

  PathStatus status(Peer peer) {
    DirectPath path = table.find(peer.key);
    long switches = path == null ? 0 : path.selector.switches();
    return Optional.ofNullable(path)
        .flatMap(one -> one.selector.chosen(System.nanoTime()))
        .map(chosen -> PathStatus.direct(chosen, switches))
        .orElseGet(() -> PathStatus.relay(introducer.whyNotDirect(settings, path), switches));
  }

  NetCheck netCheck(boolean attached) {
    return introducer.netCheck(attached);
  }

  /// Asks the relay's host which address it sees; the answer shows in [#netCheck].
  void ask() {
    if (socket != null && introducer.isOffered()) {
      socket.open();
      introducer.ask();
    }
  }

  void weather(IntPredicate leaves) {
    if (socket != null) {
      socket.weather(leaves);
    }
  }

  void close() {
    if (socket != null) {
      socket.close();
    }
    table.clear();
    ticking.clear();
  }

  @Override
  public void received(InetSocketAddress from, ByteBuf datagram) {
    if (!datagram.isReadable()) {
      return;
    }
    byte first = datagram.getByte(datagram.readerIndex());
    if ((first & 0xc0) != 0) {
      quic(from, datagram);
      return;
    }
    byte[] bytes = new byte[datagram.readableBytes()];
    datagram.getBytes(datagram.readerIndex(), bytes);
    switch (first) {
      case ProbeKeys.FIRST_BYTE -> probe(from, bytes);
      case AddressQuestion.QUESTION -> introducer.answer(bytes, from);
      case AddressQuestion.ANSWER ->
          AddressQuestion.read(bytes).flatMap(introducer::seenBy).ifPresent(this::seenAt);
      default -> counters.strange();
    }
  }

  @Override
  public void receivedAll() {
    if (read) {
      read = false;
      channel.pipeline().fireChannelReadComplete();
    }
  }

  private void quic(InetSocketAddress from, ByteBuf datagram) {
    DirectPath path = table.at(from);
    if (path == null
        || !QuicHeader.isPlausible(datagram)
        || !path.selector.received(from, System.nanoTime())) {
      counters.strange();
      return;
    }
    counters.directReceived(datagram.readableBytes());
    keepTicking(path);
    read = true;
    // The codec takes no buffer with a reader index above zero: a slice has none.
    channel.receive(path.peer.address, datagram.retainedSlice());
  }

  private void probe(InetSocketAddress from, byte[] bytes) {
    DirectPath path = ProbeKeys.tagOf(bytes).flatMap(table::tagged).orElse(null);
    ProbeKeys keys = path == null ? null : path.keys;
    Optional<Probe> probe = keys == null ? Optional.empty() : keys.open(bytes);
    DirectSocket open = socket;
    if (path == null || keys == null || probe.isEmpty() || open == null) {
      counters.strange();
      return;
    }
    long now = System.nanoTime();
    switch (probe.get()) {
      case Probe.Ping(long sequence) -> {
        if (!path.freshness.isFresh(sequence)) {
          counters.strange();
          return;
        }
        table.authentic(path, from);
        open.sendNow(from, keys.seal(new Probe.Pong(sequence, from), 0));
        act(path, path.selector.pinged(from, now), now);
      }
      case Probe.Pong(long sequence, InetSocketAddress here) -> {
        if (path.selector.answered(from, sequence, now)) {
          table.authentic(path, from);
          seenAt(here);
        }
      }
    }
    keepTicking(path);
    tellSwitch(path);
  }

  /// An address of ours, as somebody outside sees it: peers that look for a path learn it too.
  private void seenAt(InetSocketAddress address) {
    if (!introducer.seenAt(address)) {
      return;
    }
    long now = System.nanoTime();
    for (DirectPath path : List.copyOf(ticking)) {
      if (path.isMetLately(now) && path.selector.isRelayed()) {
        introducer.introduce(path, now);
      }
    }
  }

  private DirectPath path(Peer peer) {
    DirectPath known = table.find(peer.key);
    if (known != null) {
      return known;
    }
    DirectSocket open = socket;
    if (open != null) {
      open.open();
    }
    return table.add(peer, new PathSelector(dialing, this::probeBytesMax));
  }

  private int probeBytesMax() {
    return socket != null && socket.largeProbes() ? Limits.PAYLOAD_BYTES_MAX : Limits.PAYLOAD_BYTES;
  }

  private void remove(DirectPath path) {
    table.remove(path);
    path.ticking = false;
    ticking.remove(path);
  }

  private void keepTicking(DirectPath path) {
    if (!path.ticking) {
      path.ticking = true;
      ticking.add(path);
    }
    EventLoop running = loop;
    if (!tickScheduled && running != null) {
      tickScheduled = true;
      var _ = running.schedule(this::tick, 1, TimeUnit.MILLISECONDS);
    }
  }

  private void tick() {
    tickScheduled = false;
    long now = System.nanoTime();
    if (introducer.moved(now)) {
      ticking.forEach(path -> path.selector.networkChanged(now));
    }
    for (DirectPath path : List.copyOf(ticking)) {
      if (!path.selector.isActive(now)) {
        path.ticking = false;
        ticking.remove(path);
        continue;
      }
      act(path, path.selector.tick(now), now);
      tellSwitch(path);
    }
    EventLoop running = loop;
    if (!ticking.isEmpty() && !tickScheduled && running != null && !running.isShuttingDown()) {
      tickScheduled = true;
      var _ = running.schedule(this::tick, TICK_MS, TimeUnit.MILLISECONDS);
    }
  }

  private void act(DirectPath path, List<Action> actions, long now) {
    for (Action action : actions) {
      switch (action) {
        case Action.Ping(InetSocketAddress to, long sequence, int bytes) -> {
          if (path.keys != null && socket != null) {
            socket.sendNow(to, path.keys.seal(new Probe.Ping(sequence), bytes));
          }
        }
        case Action.Meet() -> introduce(path, now);
      }
    }
  }

  /// Without an address yet there is nothing to say: the socket opens in a moment.
  private void introduce(DirectPath path, long now) {
    EventLoop running = loop;
    if (running != null && socket != null && socket.isOpening()) {
      var _ =
          running.schedule(
              () -> introduce(path, System.nanoTime()), OPENING_MS, TimeUnit.MILLISECONDS);
      return;
    }
    introducer.introduce(path, now);
  }

  private void tellSwitch(DirectPath path) {
    if (path.selector.takeChange()) {
      counters.switched();
      switched.accept(path.peer.id);
    }
  }
}
