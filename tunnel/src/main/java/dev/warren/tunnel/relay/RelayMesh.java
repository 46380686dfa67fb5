package dev.warren.tunnel.relay;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.NodeKey;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The relays of one control plane, as one of them sees them: what is attached at another is
/// reached through it, in one hop. A node there stands in this relay's table by a [ForwardLink], so
/// presence, approvals and routes need not know the difference.
///
/// A link to another relay is opened by [#connected] and carries what this one has to say and send;
/// the other one's comes in by [#accept]. A link that breaks takes the nodes of that relay with it,
/// and no connection between nodes: those go on when the nodes are attached anywhere again.
public final class RelayMesh {
  private final Relay relay;
  private final Map<NodeKey, Attachment> attached;
  private final PairTable pairs;
  private final Announcer announcer;

  /// The links out.
  private final Map<NodeId, RelayLink> links = new ConcurrentHashMap<>();

  /// Of senders that are not in the table (yet); all are held back by their own relay.
  private final SendBudget unknown;

  private final Object lock = new Object();

  /// The newest link in from each relay.
  @GuardedBy("lock")
  private final Map<NodeId, MeshInbound> inbounds = new HashMap<>();

  /// @param attached the relay's table
  RelayMesh(Relay relay, Map<NodeKey, Attachment> attached, PairTable pairs, Announcer announcer) {
    this.relay = relay;
    this.attached = attached;
    this.pairs = pairs;
    this.announcer = announcer;
    this.unknown = new SendBudget(relay.settings().sendBytesPerSecond(), relay.nanoTime());
  }

  /// A link to another relay is open: says all that is here. One at a time for each.
  public void connected(NodeId peer, RelayLink link) {
    links.put(peer, link);
    announcer.later(() -> {
      for (Attachment one : attached.values()) {
        if (!one.isElsewhere()) {
          link.sendText(one.here().toJson());
        }
      }
    });
    // Who may dial what is attached there.
    announcer.dialersChanged(
        attached.values().stream()
            .filter(one -> one.isAt(peer))
            .map(one -> one.node().key())
            .toList());
  }

  /// It has ended.
  public void disconnected(NodeId peer, RelayLink link) {
    links.remove(peer, link);
  }

  /// Another relay has opened its link to this one.
  public MeshInbound accept(NodeId peer) {
    MeshInbound inbound = new MeshInbound(relay, this, peer);
    Optional<MeshInbound> before;
    synchronized (lock) {
      before = Optional.ofNullable(inbounds.put(peer, inbound));
    }
    before.ifPresent(MeshInbound::forget);
    return inbound;
  }

  void ended(MeshInbound inbound) {
    synchronized (lock) {
      inbounds.remove(inbound.peer(), inbound);
    }
  }

  Optional<RelayLink> link(NodeId peer) {
    return Optional.ofNullable(links.get(peer));
  }

  void tell(NodeId peer, MeshFrame frame) {
    link(peer).ifPresent(link -> link.sendText(frame.toJson()));
  }

  void tellAll(MeshFrame frame) {
    List.copyOf(links.values()).forEach(link -> link.sendText(frame.toJson()));
  }

  /// Tells the other relays whether a node is attached here.
  void announce(NodeKey node) {
    announcer.later(() -> {
      Attachment found = attached.get(node);
      tellAll(
          found == null || found.isElsewhere()
              ? new MeshFrame.Gone(node.toNodeId())
              : found.here());
    });
  }

  /// Another relay has lost a node; if it is here, that one may have passed over that.
  void lost(NodeId peer, NodeId node) {
    announcer.later(() -> {
      Attachment found = attached.get(NodeKey.of(node));
      if (found != null && !found.isElsewhere()) {
        tell(peer, found.here());
      }
    });
  }

  /// A node attached at another relay, unless its attachment here is the newer one.
  Optional<RelaySession> openElsewhere(MeshFrame.Here here, ForwardLink link) {
    RelaySession session =
        new RelaySession(relay, link, "another relay", new byte[0], relay.nanoTime());
    // What it is told is for its own relay to say; the offer only marks it.
    Welcome welcome =
        new Welcome(
            Optional.empty(),
            here.direct() ? relay.settings().directOffer(Optional.empty()) : Optional.empty());
    RelaySession.Node node = relay.node(here.node(), here.instance(), here.sequence(), session);
    if (!relay.install(session, node, Optional.empty(), List.of(), welcome)) {
      return Optional.empty();
    }
    announcer.elsewhere(here.node(), true);
    return Optional.of(session);
  }

  /// A message from another relay for a node of this one; it goes no further.
  void forwarded(NodeKey from, NodeKey to, ByteBuffer message, Runnable released) {
    Attachment target = attached.get(to);
    boolean isApproved = pairs.isApproved(from, to);
    if (target == null || target.isElsewhere() || !isApproved) {
      relay.counters().dropped(isApproved ? DropReason.ABSENT : DropReason.UNAPPROVED);
      released.run();
      return;
    }
    Attachment sender = attached.get(from);
    SendBudget budget = sender == null ? unknown : sender.session().budget();
    target.node().receiver().offer(budget, message, released);
    target.node().receiver().flush();
  }

  /// A coordination frame from another relay for a node of this one.
  void deliver(NodeId to, String frame) {
    Attachment target = attached.get(NodeKey.of(to));
    if (target != null && !target.isElsewhere()) {
      target.session().link().sendText(frame);
      target.session().link().flush();
    }
  }
}
