package dev.warren.server.tool.workspace;

import dev.warren.protocol.tunnel.StreamKind;
import dev.warren.server.tool.ToolFailure;
import dev.warren.server.workspace.WorkspaceConnections;
import dev.warren.server.workspace.WorkspaceId;
import dev.warren.server.workspace.WorkspaceUnreachable;
import dev.warren.server.workspace.daemon.DaemonClient;
import dev.warren.server.workspace.daemon.DaemonStream;
import java.io.IOException;
import java.time.Duration;

/// Daemons through the tunnel.
public final class ConnectedDaemons implements Daemons {
  private final WorkspaceConnections connections;

  public ConnectedDaemons(WorkspaceConnections connections) {
    this.connections = connections;
  }

  @Override
  public DaemonClient of(WorkspaceId workspace) {
    return new DaemonClient(within -> open(workspace, within));
  }

  private DaemonStream open(WorkspaceId workspace, Duration within)
      throws IOException, InterruptedException {
    try {
      return new DaemonStream.OverTunnel(connections.open(workspace, StreamKind.HTTP, "", within));
    } catch (WorkspaceUnreachable unreachable) {
      switch (unreachable.stage()) {
        case UNKNOWN, STOPPED, BUILDING -> throw new ToolFailure(told(unreachable));
        case DAEMON, DIAL, REQUEST -> throw unreachable;
      }
      throw unreachable;
    }
  }

  private static String told(WorkspaceUnreachable unreachable) {
    String message = String.valueOf(unreachable.getMessage());
    return unreachable.stage() == WorkspaceUnreachable.Stage.STOPPED
        ? message + " (start_workspace does)"
        : message;
  }
}
