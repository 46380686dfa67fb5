package dev.warren.tunnel.relay;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.protocol.tunnel.Coordination;
import dev.warren.protocol.tunnel.Coordination.Dialer;
import dev.warren.protocol.tunnel.NodeKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The approved pairs. Any thread; the relay asks it once a message only when a sender turns to
/// another receiver or something has changed ([#epoch]).
final class PairTable {
  private record Pair(NodeKey dialer, NodeKey target) {}

  private final Object lock = new Object();

  @GuardedBy("lock")
  private final Map<Pair, Approval> approvals = new HashMap<>();

  /// The other nodes of each node's pairs, both ways.
  @GuardedBy("lock")
  private final Map<NodeKey, Set<NodeKey>> partners = new HashMap<>();

  private volatile long epoch;

  /// Changes with every change.
  long epoch() {
    return epoch;
  }

  /// @throws IllegalStateException when the target has too many dialers
  void put(Approval approval) {
    Pair pair = new Pair(NodeKey.of(approval.dialer()), NodeKey.of(approval.target()));
    synchronized (lock) {
      if (!approvals.containsKey(pair)
          && partnersOf(pair.target()).size() >= Coordination.PEERS_MAX
          && dialers(pair.target()).size() >= Coordination.PEERS_MAX) {
        throw new IllegalStateException(
            "node %s has %d approved dialers already; withdraw one first"
                .formatted(approval.target().brief(), Coordination.PEERS_MAX));
      }
      approvals.put(pair, approval);
      partners.computeIfAbsent(pair.dialer(), key -> new HashSet<>()).add(pair.target());
      partners.computeIfAbsent(pair.target(), key -> new HashSet<>()).add(pair.dialer());
      bump();
    }
  }

  boolean remove(NodeKey dialer, NodeKey target) {
    synchronized (lock) {
      if (approvals.remove(new Pair(dialer, target)) == null) {
        return false;
      }
      if (!approvals.containsKey(new Pair(target, dialer))) {
        forget(dialer, target);
        forget(target, dialer);
      }
      bump();
      return true;
    }
  }

  /// Removes all pairs of a node and answers who its partners were.
  Set<NodeKey> removeAll(NodeKey node) {
    synchronized (lock) {
      Set<NodeKey> others = partnersOf(node);
      for (NodeKey other : others) {
        approvals.remove(new Pair(node, other));
        approvals.remove(new Pair(other, node));
        forget(other, node);
      }
      partners.remove(node);
      bump();
      return others;
    }
  }

  boolean isApproved(NodeKey one, NodeKey other) {
    synchronized (lock) {
      Set<NodeKey> others = partners.get(one);
      return others != null && others.contains(other);
    }
  }

  Set<NodeKey> partnersOf(NodeKey node) {
    synchronized (lock) {
      return Set.copyOf(partners.getOrDefault(node, Set.of()));
    }
  }

  /// All nodes that a pair names.
  Set<NodeKey> nodes() {
    synchronized (lock) {
      return Set.copyOf(partners.keySet());
    }
  }

  /// Who may dial this node.
  List<Dialer> dialers(NodeKey target) {
    synchronized (lock) {
      List<Dialer> dialers = new ArrayList<>();
      for (NodeKey other : partners.getOrDefault(target, Set.of())) {
        Approval approval = approvals.get(new Pair(other, target));
        if (approval != null) {
          dialers.add(new Dialer(approval.dialer(), approval.kinds()));
        }
      }
      return dialers;
    }
  }

  @GuardedBy("lock")
  private void forget(NodeKey node, NodeKey partner) {
    Set<NodeKey> others = partners.get(node);
    if (others != null && others.remove(partner) && others.isEmpty()) {
      partners.remove(node);
    }
  }

  @GuardedBy("lock")
  @SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock, read without
  private void bump() {
    epoch++;
  }
}
