package dev.warren.server.workspace;

import static dev.warren.server.http.Route.API;

import dev.warren.protocol.NodeId;
import dev.warren.server.http.Access;
import dev.warren.server.http.Request;
import dev.warren.server.http.Response;
import dev.warren.server.http.Route;
import java.util.List;

/// `/api/v1/workspaces/{id}/tunnel`: what a user's command line dials.
final class TunnelRoutes {
  private final Workspaces workspaces;
  private final WorkspaceConnections connections;

  TunnelRoutes(Workspaces workspaces, WorkspaceConnections connections) {
    this.workspaces = workspaces;
    this.connections = connections;
  }

  /// Whom to dial through the relay of this control plane, which lets this caller's nodes.
  record Tunnel(NodeId nodeId) {}

  List<Route> routes() {
    return List.of(
        Route.get(API + "/workspaces/{id}/tunnel", Access.USER, this::tunnel)
            .forWorkspaces()
            .answers(200, Tunnel.class)
            .summary(
                "The node of the workspace's daemon, which its owner's clients may dial; waits for"
                    + " one that is about to come"));
  }

  private Response tunnel(Request request) throws InterruptedException {
    WorkspaceView workspace = workspaces.own(request.caller(), new WorkspaceId(request.id("id")));
    try {
      return Response.ok(
          new Tunnel(connections.awaitDaemon(workspace.id(), WorkspaceConnections.DAEMON_WAIT)));
    } catch (WorkspaceUnreachable e) {
      throw e.asProblem();
    }
  }
}
