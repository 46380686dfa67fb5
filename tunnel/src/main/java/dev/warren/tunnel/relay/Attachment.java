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

  MeshFrame here() {
    return new MeshFrame.Here(node.id(), node.instance(), session.sinceMs(), direct);
  }
}
