package dev.warren.tunnel.relay;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.Coordination;
import dev.warren.protocol.tunnel.NodeKey;
import dev.warren.protocol.tunnel.RelayMessage;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// What one other relay says and sends to this one; its adapter calls it as frames arrive, one call
/// at a time. The adapter has proved that it is that relay.
public final class MeshInbound {
  private final Relay relay;
  private final RelayMesh mesh;
  private final NodeId peer;

  /// Its nodes, as they stand in this relay's table.
  @GuardedBy("this")
  private final Map<NodeId, RelaySession> nodes = new HashMap<>();

  /// Whom it wants to dial each of our nodes.
  @GuardedBy("this")
  private final Map<NodeId, Set<NodeId>> dialers = new HashMap<>();

  @GuardedBy("this")
  private boolean closed;

  MeshInbound(Relay relay, RelayMesh mesh, NodeId peer) {
    this.relay = relay;
    this.mesh = mesh;
    this.peer = peer;
  }

  NodeId peer() {
    return peer;
  }

  /// A text frame came.
  ///
  /// @throws IllegalArgumentException when it is none of ours
  public synchronized void text(String text) {
    if (closed) {
      return;
    }
    switch (MeshFrame.parse(text)) {
      case MeshFrame.Here here -> here(here);
      case MeshFrame.Gone(NodeId node) -> gone(node);
      case MeshFrame.Dialers(NodeId target, var list) -> dialers(target, list);
      case MeshFrame.Text(NodeId to, String frame) -> mesh.deliver(to, frame);
      case MeshFrame.Revoke(NodeId node, String reason) -> relay.revokeHere(node, reason);
    }
  }

  @GuardedBy("this")
  private void here(MeshFrame.Here here) {
    if (here.node().equals(relay.id())) {
      return;
    }
    ForwardLink link = new ForwardLink(mesh, peer, here.node());
    mesh.openElsewhere(here, link).ifPresent(session -> nodes.put(here.node(), session));
  }

  @GuardedBy("this")
  private void gone(NodeId node) {
    RelaySession session = nodes.remove(node);
    if (session != null) {
      session.closed();
    }
    mesh.lost(peer, node);
  }

  @GuardedBy("this")
  private void dialers(NodeId target, List<Coordination.Dialer> list) {
    Set<NodeId> now =
        list.stream().map(Coordination.Dialer::nodeId).collect(Collectors.toUnmodifiableSet());
    Set<NodeId> left = new HashSet<>(dialers.getOrDefault(target, Set.of()));
    left.removeAll(now);
    // Nodes of ours, or of a third relay, it only repeats.
    Set<NodeId> theirs = Set.copyOf(nodes.keySet());
    list.stream()
        .filter(dialer -> theirs.contains(dialer.nodeId()))
        .filter(dialer -> !dialer.nodeId().equals(target))
        .forEach(dialer -> relay.approve(new Approval(dialer.nodeId(), target, dialer.kinds())));
    left.forEach(dialer -> relay.withdraw(dialer, target));
    dialers.put(
        target, now.stream().filter(theirs::contains).collect(Collectors.toUnmodifiableSet()));
  }

  /// A binary frame came: `[0, 32)` to whom, then what that node gets.
  ///
  /// @param released run exactly once, on any thread
  public void binary(ByteBuffer message, Runnable released) {
    int least = 2 * RelayMessage.ID_BYTES + RelayMessage.LENGTH_BYTES;
    int most = RelayMessage.ID_BYTES + relay.settings().messageBytesMax();
    if (message.remaining() <= least || message.remaining() > most) {
      relay.counters().dropped(DropReason.MALFORMED);
      released.run();
      return;
    }
    NodeKey to = NodeKey.at(message, message.position());
    NodeKey from = NodeKey.at(message, message.position() + RelayMessage.ID_BYTES);
    message.position(message.position() + RelayMessage.ID_BYTES);
    mesh.forwarded(from, to, message.slice(), released);
  }

  /// The link has ended: its nodes are out of reach.
  public void closed() {
    forget();
    mesh.ended(this);
  }

  synchronized void forget() {
    closed = true;
    nodes.values().forEach(RelaySession::closed);
    nodes.clear();
  }
}
