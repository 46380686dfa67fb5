package dev.warren.tunnel;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.Coordination;
import dev.warren.protocol.tunnel.StreamKind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// What the relay told this node about others: who may dial it and for what, and which nodes of its
/// pairs are there. A relay that is lost changes no approval: what runs goes on. Any thread.
final class Directory {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  @GuardedBy("lock")
  private Map<NodeId, Set<StreamKind>> approvals = Map.of();

  /// Nodes that are attached, as the relay said since this node's last attach.
  @GuardedBy("lock")
  private final Set<NodeId> present = new HashSet<>();

  /// The process in which each node was last seen; outlives a lost relay.
  @GuardedBy("lock")
  private final Map<NodeId, UUID> instances = new HashMap<>();

  /// The kinds of streams that this node may open here; empty for a stranger.
  Set<StreamKind> approvals(NodeId dialer) {
    lock.lock();
    try {
      return approvals.getOrDefault(dialer, Set.of());
    } finally {
      lock.unlock();
    }
  }

  /// Takes the new list and answers who is no longer on it.
  Set<NodeId> approve(Coordination.Peers peers) {
    Map<NodeId, Set<StreamKind>> next = new HashMap<>();
    peers.approved().forEach(dialer -> next.put(dialer.nodeId(), dialer.kinds()));
    lock.lock();
    try {
      Set<NodeId> gone = new HashSet<>(approvals.keySet());
      gone.removeAll(next.keySet());
      approvals = Map.copyOf(next);
      return gone;
    } finally {
      lock.unlock();
    }
  }

  /// Takes a node's presence.
  ///
  /// @return whether it is another process than before, which knows nothing of its connections
  boolean presence(Coordination.Presence presence) {
    lock.lock();
    try {
      Optional<UUID> instance = presence.instance();
      if (instance.isEmpty()) {
        present.remove(presence.nodeId());
        return false;
      }
      present.add(presence.nodeId());
      UUID before = instances.put(presence.nodeId(), instance.get());
      changed.signalAll();
      return before != null && !before.equals(instance.get());
    } finally {
      lock.unlock();
    }
  }

  /// The relay is lost: who is there is not known until it says so again.
  void unknown() {
    lock.lock();
    try {
      present.clear();
    } finally {
      lock.unlock();
    }
  }

  boolean isPresent(NodeId node) {
    lock.lock();
    try {
      return present.contains(node);
    } finally {
      lock.unlock();
    }
  }

  /// Waits until the relay says that this node is there.
  boolean awaitPresent(NodeId node, long nanos) throws InterruptedException {
    long left = nanos;
    lock.lockInterruptibly();
    try {
      while (!present.contains(node)) {
        if (left <= 0) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }
}
