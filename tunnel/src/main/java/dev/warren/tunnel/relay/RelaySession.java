package dev.warren.tunnel.relay;

import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.CloseCode;
import dev.warren.protocol.tunnel.Coordination;
import dev.warren.protocol.tunnel.NodeKey;
import dev.warren.protocol.tunnel.RelayMessage;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// One connection as the relay sees it; its adapter calls it as frames arrive, one call at a time.
/// The steps are `challenged, admitting, attached, closed`, never back.
public final class RelaySession {
  /// How far the connection has come.
  private sealed interface Step {
    /// The challenge is out.
    record Challenged() implements Step {}

    /// The admission is being asked.
    record Admitting() implements Step {}

    record Attached(Node node) implements Step {}

    record Closed() implements Step {}
  }

  /// The node at the other end of an attached session.
  ///
  /// @param sequence greater at each of its attaches
  record Node(NodeId id, NodeKey key, UUID instance, long sequence, Receiver receiver) {}

  /// `meet` frames that a node may send at once, and then in a second; more are dropped.
  private static final int MEET_BURST = 256;

  private static final int MEETS_PER_SECOND = 20;

  private final Relay relay;
  private final RelayLink link;
  private final String remoteAddress;
  private final byte[] nonce;
  private final long openedNanos;
  private final AtomicReference<Step> step = new AtomicReference<>(new Step.Challenged());
  private volatile long aliveNanos;

  /// Frames that the node may send others. Adapter's thread.
  private final Allowance said;

  /// Bytes that it may send.
  private final SendBudget budget;

  // Where the last message went, so that a burst to one node is looked up once. Adapter's thread.
  private @Nullable NodeKey lastKey;
  private @Nullable Receiver lastReceiver;
  private long lastEpoch;
  private final List<Receiver> unflushed = new ArrayList<>();

  RelaySession(Relay relay, RelayLink link, String remoteAddress, byte[] nonce, long openedNanos) {
    this.relay = relay;
    this.link = link;
    this.remoteAddress = remoteAddress;
    this.nonce = nonce;
    this.openedNanos = openedNanos;
    this.aliveNanos = openedNanos;
    this.budget = new SendBudget(relay.settings().sendBytesPerSecond(), openedNanos);
    this.said = new Allowance(MEET_BURST, MEETS_PER_SECOND, openedNanos);
  }

  /// A text frame came.
  public void text(String text) {
    alive();
    Step before = step.get();
    if (before instanceof Step.Closed) {
      return;
    }
    Coordination frame;
    try {
      frame = Coordination.parse(text);
    } catch (IllegalArgumentException e) {
      end(CloseCode.PROTOCOL, "not a coordination frame");
      return;
    }
    if (before instanceof Step.Attached(Node self)) {
      fromNode(self, frame);
      return;
    }
    if (!(before instanceof Step.Challenged)
        || !step.compareAndSet(before, new Step.Admitting())
        || !(frame instanceof Coordination.Attach attach)) {
      end(CloseCode.PROTOCOL, "the answer to a challenge is one attach");
      return;
    }
    relay.admit(this, attach);
  }

  /// A binary frame came.
  ///
  /// @param message may be written into until `released` has run
  /// @param released run exactly once, on any thread
  public void binary(ByteBuffer message, Runnable released) {
    int bytes = message.remaining();
    if (!(step.get() instanceof Step.Attached(Node self))) {
      released.run();
      early();
      return;
    }
    boolean isWhole =
        bytes > RelayMessage.ID_BYTES + RelayMessage.LENGTH_BYTES
            && bytes <= relay.settings().messageBytesMax();
    if (!isWhole) {
      relay.counters().dropped(DropReason.MALFORMED);
    }
    Receiver receiver = isWhole ? receiver(self, message) : null;
    if (receiver == null) {
      released.run();
      budget.wasted(bytes);
      return;
    }
    budget.sent(bytes);
    self.key().putAt(message, message.position());
    receiver.offer(budget, message, released);
    if (unflushed.isEmpty() || !unflushed.contains(receiver)) {
      unflushed.add(receiver);
    }
  }

  /// How long the adapter shall read nothing from this node.
  public Duration debt() {
    return budget.debt(relay.nanoTime());
  }

  /// No more frames are at hand, or none are read for a while: what was forwarded since the last
  /// call leaves now.
  public void burstEnd() {
    alive();
    for (Receiver receiver : unflushed) {
      receiver.flush();
    }
    unflushed.clear();
  }

  /// The node gave a sign of life.
  public void alive() {
    aliveNanos = relay.nanoTime();
  }

  /// The connection has ended. Calling it again does nothing.
  public void closed() {
    Step before = step.getAndSet(new Step.Closed());
    if (!(before instanceof Step.Closed)) {
      relay.detach(this, before instanceof Step.Attached(Node node) ? node : null);
    }
  }

  RelayLink link() {
    return link;
  }

  String remoteAddress() {
    return remoteAddress;
  }

  byte[] nonce() {
    return nonce.clone();
  }

  long openedNanos() {
    return openedNanos;
  }

  SendBudget budget() {
    return budget;
  }

  long aliveNanos() {
    return aliveNanos;
  }

  /// From now on datagrams pass.
  ///
  /// @return false when the connection has ended meanwhile
  boolean attach(Node node) {
    Step before = step.get();
    return !(before instanceof Step.Closed)
        && !(before instanceof Step.Attached)
        && step.compareAndSet(before, new Step.Attached(node));
  }

  /// Closes the link and lets nothing more through.
  void end(int code, String reason) {
    link.close(code, reason);
    closed();
  }

  /// A binary frame from who is not attached, or not any more.
  private void early() {
    relay.counters().dropped(DropReason.MALFORMED);
    if (!(step.get() instanceof Step.Closed)) {
      end(CloseCode.PROTOCOL, "a message before attached");
    }
  }

  /// An attached node may introduce itself to its partners and ask, now and then.
  private void fromNode(Node self, Coordination frame) {
    if (!(frame instanceof Coordination.Meet || frame instanceof Coordination.GitCredential)) {
      end(CloseCode.PROTOCOL, "an attached node says nothing but meet and git_credential");
      return;
    }
    if (said.tryTake(relay.nanoTime())) {
      relay.said(self, frame);
    } else {
      relay.counters().dropped(DropReason.TOO_MANY);
    }
  }

  private @Nullable Receiver receiver(Node self, ByteBuffer message) {
    int at = message.position();
    long epoch = relay.epoch();
    NodeKey known = lastKey;
    if (known != null && epoch == lastEpoch && known.isAt(message, at)) {
      return lastReceiver;
    }
    NodeKey key = NodeKey.at(message, at);
    Receiver found = relay.route(self.key(), key);
    // What is not there is asked for again each time, so that each drop is counted.
    lastKey = found == null ? null : key;
    lastReceiver = found;
    lastEpoch = epoch;
    return found;
  }
}
