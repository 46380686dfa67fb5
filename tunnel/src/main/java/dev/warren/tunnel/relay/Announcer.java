package dev.warren.tunnel.relay;

import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.Coordination;
import dev.warren.protocol.tunnel.NodeKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says what has changed, to nodes and to the admission: all on one virtual thread, in order, each
/// frame computed when it leaves, so that the last one that a node gets is always current.
final class Announcer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);

  private final Map<NodeKey, Attachment> attached;
  private final PairTable pairs;
  private final Admission admission;
  private final ExecutorService executor =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("relay-announcer").factory());

  /// @param attached the relay's table, read while it changes
  Announcer(Map<NodeKey, Attachment> attached, PairTable pairs, Admission admission) {
    this.attached = attached;
    this.pairs = pairs;
    this.admission = admission;
  }

  /// A node is in: it learns that, who may dial it and who is there; the others that it is.
  void arrived(Attachment node, Welcome welcome) {
    later(() -> {
      RelayLink link = node.session().link();
      link.sendText(
          new Coordination.Attached(node.node().id(), welcome.owner(), welcome.direct()).toJson());
      sendPeers(node.node().key());
      for (NodeKey partner : pairs.partnersOf(node.node().key())) {
        sendPresence(node.node().key(), partner);
        sendPresence(partner, node.node().key());
      }
      link.flush();
      node.request().ifPresent(admission::attached);
    });
  }

  /// A node has gone.
  void left(Attachment node) {
    later(() -> {
      for (NodeKey partner : pairs.partnersOf(node.node().key())) {
        sendPresence(partner, node.node().key());
      }
      node.request().ifPresent(admission::detached);
    });
  }

  /// A connection has given way to a newer one of its node.
  void replaced(Attachment node) {
    later(() -> node.request().ifPresent(admission::detached));
  }

  /// A node attached at another relay, or is there no more.
  void elsewhere(NodeId node, boolean isThere) {
    later(() -> admission.elsewhere(node, isThere));
  }

  /// A pair was approved.
  void paired(NodeKey dialer, NodeKey target) {
    later(() -> {
      sendPeers(target);
      sendPresence(target, dialer);
      sendPresence(dialer, target);
    });
  }

  /// A node that arrives brought these: its targets must know of it before it learns, by
  /// [#arrived], that they are there.
  void approved(NodeKey arriving, List<Approval> approvals) {
    dialersChanged(
        approvals.stream()
            .map(approval -> NodeKey.of(approval.target()))
            .filter(target -> !target.equals(arriving))
            .distinct()
            .toList());
  }

  /// Others may dial these nodes than before.
  void dialersChanged(Iterable<NodeKey> targets) {
    later(() -> targets.forEach(this::sendPeers));
  }

  /// Says what is still to be said, and no more.
  @Override
  public void close() {
    executor.shutdown();
  }

  private void sendPeers(NodeKey node) {
    Attachment to = attached.get(node);
    if (to != null) {
      send(to, new Coordination.Peers(pairs.dialers(node)));
    }
  }

  /// Tells a node whether another one is there.
  private void sendPresence(NodeKey node, NodeKey about) {
    Attachment to = attached.get(node);
    if (to != null) {
      Optional<UUID> instance =
          Optional.ofNullable(attached.get(about)).map(found -> found.node().instance());
      send(to, new Coordination.Presence(about.toNodeId(), instance));
    }
  }

  private static void send(Attachment to, Coordination frame) {
    to.session().link().sendText(frame.toJson());
    to.session().link().flush();
  }

  /// Runs a task in order with what is announced.
  void later(Runnable task) {
    try {
      executor.execute(() -> {
        try {
          task.run();
        } catch (RuntimeException e) {
          LOG.warn("an announcement of the relay failed", e);
        }
      });
    } catch (RejectedExecutionException e) {
      LOG.debug("the relay is closed: an announcement is dropped");
    }
  }
}
