package dev.warren.tunnel.relay;

import dev.warren.tunnel.relay.RelaySession.Node;
import java.util.Optional;

/// An attached node.
///
/// @param request how it asked to attach; empty for the node of this process
/// @param direct whether it may have direct paths
record Attachment(
    RelaySession session, Node node, Optional<AttachRequest> request, boolean direct) {}
