package dev.warren.tunnel.relay;

import dev.warren.protocol.tunnel.Coordination;
import dev.warren.protocol.tunnel.NodeKey;
import dev.warren.tunnel.relay.RelaySession.Node;
import java.util.Map;

/// Passes what two nodes of an approved pair tell each other to find a direct path. Keeps nothing:
/// a node that was not there is told again by the other one.
final class Introductions {
  private final Map<NodeKey, Attachment> attached;
  private final PairTable pairs;
  private final Counters counters;

  /// @param attached the relay's table, read while it changes
  Introductions(Map<NodeKey, Attachment> attached, PairTable pairs, Counters counters) {
    this.attached = attached;
    this.pairs = pairs;
    this.counters = counters;
  }

  void pass(Node from, Coordination.Meet meet) {
    NodeKey to = NodeKey.of(meet.nodeId());
    if (!pairs.isApproved(from.key(), to)) {
      counters.dropped(DropReason.UNAPPROVED);
      return;
    }
    Attachment sender = attached.get(from.key());
    Attachment receiver = attached.get(to);
    if (sender == null || receiver == null || !sender.direct() || !receiver.direct()) {
      counters.dropped(DropReason.ABSENT);
      return;
    }
    RelayLink link = receiver.session().link();
    link.sendText(meet.from(from.id()).toJson());
    link.flush();
  }
}
