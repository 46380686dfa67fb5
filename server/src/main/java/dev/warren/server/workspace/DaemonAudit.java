package dev.warren.server.workspace;

import dev.warren.protocol.NodeId;
import dev.warren.tunnel.relay.AttachRequest;

/// Notes what daemons did that an administrator should see.
@FunctionalInterface
interface DaemonAudit {
  /// Another key than the known one came with the workspace's token.
  ///
  /// @param refused whether the known one was attached, so that this one was not let in
  void replaced(Workspace workspace, NodeId known, AttachRequest request, boolean refused);
}
