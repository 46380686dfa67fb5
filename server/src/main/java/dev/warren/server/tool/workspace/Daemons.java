package dev.warren.server.tool.workspace;

import dev.warren.server.workspace.WorkspaceId;
import dev.warren.server.workspace.daemon.DaemonClient;

/// Finds the daemons of workspaces.
@FunctionalInterface
public interface Daemons {
  /// The client of this workspace's daemon, which connects at its first request. Its requests throw
  /// a [dev.warren.server.tool.ToolFailure] when the workspace is stopped or gone, with what would
  /// help.
  DaemonClient of(WorkspaceId workspace);
}
