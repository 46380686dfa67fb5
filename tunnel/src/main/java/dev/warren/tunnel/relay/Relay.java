package dev.warren.tunnel.relay;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.AttachProof;
import dev.warren.protocol.tunnel.CloseCode;
import dev.warren.protocol.tunnel.Coordination;
import dev.warren.protocol.tunnel.NodeKey;
import dev.warren.tunnel.relay.RelaySession.Node;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Forwards datagrams between approved pairs of attached nodes. Of two connections of one key the
/// newer wins.
public final class Relay implements AutoCloseable {
  /// How long nodes may spread their coming back after a restart.
  private static final long RESTART_SPREAD_MS = 500;

  private final RelaySettings settings;
  private final LongSupplier nanoTime;
  private final Counters counters = new Counters();
  private final PairTable pairs = new PairTable();
  private final SecureRandom random = new SecureRandom();
  private final Admissions admissions;
  private final Introductions introductions;
  private final RelayMesh mesh;

  /// Read without the lock for each new receiver of a sender.
  private final Map<NodeKey, Attachment> attached = new ConcurrentHashMap<>();

  private final Announcer announcer;
  private volatile long attachEpoch;
  private volatile @Nullable Thread sweeper;

  private final Object lock = new Object();

  /// Connections that have not attached.
  @GuardedBy("lock")
  private final Set<RelaySession> handshakes = new HashSet<>();

  /// When each node of a pair went; it is not attached.
  @GuardedBy("lock")
  private final Map<NodeKey, Long> goneNanos = new HashMap<>();

  @GuardedBy("lock")
  private final Revocations revocations = new Revocations();

  @GuardedBy("lock")
  private boolean closed;

  public Relay(RelaySettings settings, Admission admission) {
    this(settings, admission, System::nanoTime);
  }

  Relay(RelaySettings settings, Admission admission, LongSupplier nanoTime) {
    this.settings = settings;
    this.nanoTime = nanoTime;
    this.announcer = new Announcer(attached, pairs, admission);
    this.admissions = new Admissions(this, admission);
    this.introductions = new Introductions(attached, pairs, counters);
    this.mesh = new RelayMesh(this, attached, pairs, announcer);
  }

  /// Starts the pings and the cutting of those that do not answer.
  public void start() {
    sweeper = Thread.ofVirtual().name("relay-sweeper").start(this::sweepUntilClosed);
  }

  public NodeId id() {
    return settings.relay();
  }

  /// A connection was opened: sends the challenge and answers what the adapter reports to.
  public RelaySession open(RelayLink link, String remoteAddress) {
    byte[] nonce = new byte[AttachProof.NONCE_BYTES];
    random.nextBytes(nonce);
    RelaySession session = new RelaySession(this, link, remoteAddress, nonce, nanoTime.getAsLong());
    boolean isClosed;
    boolean isFull;
    synchronized (lock) {
      isClosed = closed;
      // Half of the places at most for one address, so that there is always room for others.
      isFull =
          handshakes.size() >= settings.handshakesMax()
              || handshakes.stream()
                      .filter(one -> one.remoteAddress().equals(remoteAddress))
                      .count()
                  >= Math.max(1, settings.handshakesMax() / 2);
      if (!isClosed && !isFull) {
        handshakes.add(session);
      }
    }
    if (isClosed) {
      session.end(CloseCode.RESTARTING, "the relay is stopping");
    } else if (isFull) {
      session.end(CloseCode.BUSY, "too many nodes attach at once; try again");
    } else {
      link.sendText(
          new Coordination.Challenge(Base64.getEncoder().encodeToString(nonce), settings.relay())
              .toJson());
      link.flush();
    }
    return session;
  }

  /// Attaches a node of this process, which needs no proof and is not announced to the admission.
  ///
  /// @param sequence greater at each attach of the node
  public RelaySession openOwn(NodeId id, UUID instance, long sequence, RelayLink link) {
    RelaySession session =
        new RelaySession(this, link, "in process", new byte[0], nanoTime.getAsLong());
    Welcome welcome = new Welcome(Optional.empty(), settings.directOffer(Optional.empty()));
    Node node = node(id, instance, sequence, session);
    if (!install(session, node, Optional.empty(), List.of(), welcome)) {
      session.end(CloseCode.RESTARTING, "the relay is stopping");
    }
    return session;
  }

  /// The other relays of this control plane.
  public RelayMesh mesh() {
    return mesh;
  }

  /// Whether the node is attached at another relay.
  public boolean isElsewhere(NodeId node) {
    Attachment found = attached.get(NodeKey.of(node));
    return found != null && found.isElsewhere();
  }

  /// Lets two nodes talk, now or when they attach.
  ///
  /// @throws IllegalStateException when the target has too many dialers already
  public void approve(Approval approval) {
    pairs.put(approval);
    NodeKey dialer = NodeKey.of(approval.dialer());
    NodeKey target = NodeKey.of(approval.target());
    synchronized (lock) {
      for (NodeKey key : List.of(dialer, target)) {
        if (!attached.containsKey(key)) {
          goneNanos.putIfAbsent(key, nanoTime.getAsLong());
        }
      }
    }
    announcer.paired(dialer, target);
  }

  /// Ends a pair: nothing more is forwarded, and the target refuses the dialer's streams.
  public void withdraw(NodeId dialer, NodeId target) {
    NodeKey targetKey = NodeKey.of(target);
    if (pairs.remove(NodeKey.of(dialer), targetKey)) {
      announcer.dialersChanged(List.of(targetKey));
    }
  }

  /// Closes the node's connection at once, with a code after which it does not come back, and ends
  /// all its pairs, here and at the other relays. An admission that is under way for it comes to
  /// nothing.
  public void revoke(NodeId node, String reason) {
    revokeHere(node, reason);
    mesh.tellAll(new MeshFrame.Revoke(node, reason));
  }

  void revokeHere(NodeId node, String reason) {
    NodeKey key = NodeKey.of(node);
    Attachment current;
    synchronized (lock) {
      revocations.add(key, admissions.newest(), nanoTime.getAsLong());
      current = attached.get(key);
    }
    Set<NodeKey> partners = pairs.removeAll(key);
    if (current != null) {
      current.session().end(CloseCode.REFUSED, reason);
    }
    announcer.dialersChanged(partners);
  }

  /// Whether the node is attached and gave a sign of life lately.
  public boolean isLive(NodeId node) {
    Attachment found = attached.get(NodeKey.of(node));
    return found != null
        && nanoTime.getAsLong() - found.session().aliveNanos() < settings.silenceMax().toNanos();
  }

  public RelayStats stats() {
    synchronized (lock) {
      return counters.stats(attached.size(), handshakes.size());
    }
  }

  /// Tells every node that this relay is restarting and closes their connections.
  @Override
  public void close() {
    List<RelaySession> sessions;
    synchronized (lock) {
      if (closed) {
        return;
      }
      closed = true;
      sessions = new ArrayList<>(handshakes);
    }
    Thread thread = sweeper;
    if (thread != null) {
      thread.interrupt();
    }
    String restarting = new Coordination.Restarting(RESTART_SPREAD_MS).toJson();
    for (Attachment attachment : attached.values()) {
      attachment.session().link().sendText(restarting);
      sessions.add(attachment.session());
    }
    for (RelaySession session : sessions) {
      session.end(CloseCode.RESTARTING, "the relay is stopping");
    }
    admissions.close();
    announcer.close();
  }

  RelaySettings settings() {
    return settings;
  }

  Counters counters() {
    return counters;
  }

  long nanoTime() {
    return nanoTime.getAsLong();
  }

  /// Changes whenever a route may have changed.
  long epoch() {
    return pairs.epoch() + attachEpoch;
  }

  /// The receiver of a message between these two, or null, counted.
  @Nullable Receiver route(NodeKey from, NodeKey to) {
    if (!pairs.isApproved(from, to)) {
      counters.dropped(DropReason.UNAPPROVED);
      return null;
    }
    Attachment target = attached.get(to);
    if (target == null) {
      counters.dropped(DropReason.ABSENT);
      return null;
    }
    return target.node().receiver();
  }

  /// A connection in its handshake answered the challenge.
  void admit(RelaySession session, Coordination.Attach attach) {
    admissions.admit(session, attach);
  }

  /// An attached node said something for another one, or asks.
  void said(Node from, Coordination frame) {
    if (frame instanceof Coordination.Meet meet) {
      introductions.pass(from, meet);
    } else if (frame instanceof Coordination.GitCredential asked) {
      Optional.ofNullable(attached.get(from.key())).ifPresent(it -> admissions.answer(it, asked));
    }
  }

  /// The session's connection has ended.
  ///
  /// @param node what was attached by it, if anything was
  void detach(RelaySession session, @Nullable Node node) {
    Attachment gone;
    synchronized (lock) {
      handshakes.remove(session);
      gone = node == null ? null : attached.get(node.key());
      if (gone == null || !gone.session().equals(session)) {
        return;
      }
      attached.remove(gone.node().key());
      goneNanos.put(gone.node().key(), nanoTime.getAsLong());
      bumpEpoch();
    }
    announcer.left(gone);
    if (gone.isElsewhere()) {
      announcer.elsewhere(gone.node().id(), false);
    } else {
      mesh.announce(gone.node().key());
    }
  }

  /// Pings all, cuts the silent and the stalled, and forgets pairs whose nodes do not come back.
  void sweep() {
    long now = nanoTime.getAsLong();
    List<RelaySession> late = new ArrayList<>();
    List<NodeKey> forgotten = new ArrayList<>();
    synchronized (lock) {
      for (RelaySession session : handshakes) {
        if (now - session.openedNanos() > settings.handshakeMax().toNanos()) {
          late.add(session);
        }
      }
      goneNanos.forEach((key, since) -> {
        if (now - since > settings.pairGrace().toNanos()) {
          forgotten.add(key);
        }
      });
      forgotten.forEach(goneNanos::remove);
      revocations.forget(now - 2 * settings.handshakeMax().toNanos());
    }
    late.forEach(session -> session.end(CloseCode.SILENT, "no attach within the time"));
    for (Attachment one : attached.values()) {
      if (one.request().isEmpty()) {
        continue;
      }
      if (now - one.session().aliveNanos() > settings.silenceMax().toNanos()) {
        one.session().end(CloseCode.SILENT, "no answer to pings");
      } else if (one.node().receiver().stalledNanos() > settings.stalledMax().toNanos()) {
        one.session().end(CloseCode.SILENT, "reads nothing");
      } else {
        one.session().link().ping();
      }
    }
    for (NodeKey key : forgotten) {
      announcer.dialersChanged(pairs.removeAll(key));
    }
  }

  private void sweepUntilClosed() {
    try {
      while (true) {
        Thread.sleep(settings.pingEvery());
        sweep();
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  Node node(NodeId id, UUID instance, long sequence, RelaySession session) {
    return new Node(id, NodeKey.of(id), instance, sequence, new Receiver(session, this));
  }

  /// Puts an admitted node into the table, in place of an earlier connection of it.
  ///
  /// @return false when it must not be there (any more)
  boolean install(
      RelaySession session,
      Node node,
      Optional<AttachRequest> request,
      List<Approval> approvals,
      Welcome welcome) {
    Attachment attachment = new Attachment(session, node, request, welcome.direct().isPresent());
    Attachment replaced;
    synchronized (lock) {
      boolean isRevoked =
          request.isPresent() && revocations.covers(node.key(), request.get().number());
      replaced = attached.get(node.key());
      boolean isOutranked = replaced != null && replaced.outranks(attachment, id());
      if (closed || isRevoked || isOutranked || !session.attach(node)) {
        return false;
      }
      handshakes.remove(session);
      goneNanos.remove(node.key());
      attached.put(node.key(), attachment);
      bumpEpoch();
    }
    session.alive();
    approvals.forEach(pairs::put);
    if (!attachment.isElsewhere()) {
      // Before the others hear whom it may dial.
      mesh.announce(node.key());
    }
    announcer.approved(node.key(), approvals);
    if (replaced != null) {
      replaced.session().end(CloseCode.REPLACED, "a newer connection of this key took over");
      announcer.replaced(replaced);
    }
    announcer.arrived(attachment, welcome);
    if (replaced != null && replaced.isElsewhere() && !attachment.isElsewhere()) {
      announcer.elsewhere(node.id(), false);
    } else if (replaced != null && !replaced.isElsewhere() && attachment.isElsewhere()) {
      mesh.announce(node.key());
    }
    return true;
  }

  @GuardedBy("lock")
  @SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock, read without
  private void bumpEpoch() {
    attachEpoch++;
  }
}
