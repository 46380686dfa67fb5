package dev.warren.tunnel.relay;

import dev.warren.protocol.NodeId;
import dev.warren.tunnel.relay.RelaySession.Node;
import java.util.Optional;

/// An attached node, here or at another relay.
///
/// @param request how it asked to attach; empty for the node of this process, and elsewhere
/// @param direct whether it may have direct paths
record Attachment(
    RelaySession session, Node node, Optional<AttachRequest> request, boolean direct) {

  /// Whether it is attached at another relay.
  boolean isElsewhere() {
    return session.link() instanceof ForwardLink;
  }

  boolean isAt(NodeId relay) {
    return session.link() instanceof ForwardLink link && link.peer().equals(relay);
  }

  /// Whether this one stays although its node has attached at another relay too. Both relays must
  /// judge alike, or the node would be nowhere: of two that are equal (a node that gives no
  /// sequence) the relay with the greater id has it.
  ///
  /// @param self the relay that this is the table of
  boolean outranks(Attachment other, NodeId self) {
    if (isElsewhere() || !(other.session.link() instanceof ForwardLink there)) {
      return false;
    }
    int order = Long.compare(node.sequence(), other.node.sequence());
    return order != 0 ? order > 0 : self.value().compareTo(there.peer().value()) > 0;
  }

  MeshFrame here() {
    return new MeshFrame.Here(node.id(), node.instance(), node.sequence(), direct);
  }
}
