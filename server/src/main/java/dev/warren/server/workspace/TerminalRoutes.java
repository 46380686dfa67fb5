package dev.warren.server.workspace;

import static dev.warren.server.http.Route.API;

import dev.warren.protocol.daemon.TerminalFrame;
import dev.warren.protocol.daemon.TerminalTarget;
import dev.warren.protocol.tunnel.StreamKind;
import dev.warren.server.http.Access;
import dev.warren.server.http.Problems;
import dev.warren.server.http.Request;
import dev.warren.server.http.Route;
import dev.warren.server.http.Socket;
import dev.warren.server.http.SocketAction;
import dev.warren.tunnel.TunnelStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `/api/v1/workspaces/{id}/terminal`: carries a terminal between the workspace's daemon and a
/// WebSocket. Binary messages are what is typed and printed; text ones are those of
/// [TerminalBridge]. A viewer that does not read slows the program down, and is cut after the
/// socket's write deadline; whoever comes back with the same `session` finds the terminal as it is.
final class TerminalRoutes {
  private static final int COLUMNS = 80;
  private static final int ROWS = 24;

  /// Largest count of unacknowledged bytes that a viewer may allow.
  private static final int WINDOW_BYTES_MAX = 16 * 1024 * 1024;

  private static final Logger log = LoggerFactory.getLogger(TerminalRoutes.class);

  private final Workspaces workspaces;
  private final WorkspaceConnections connections;

  TerminalRoutes(Workspaces workspaces, WorkspaceConnections connections) {
    this.workspaces = workspaces;
    this.connections = connections;
  }

  List<Route> routes() {
    return List.of(
        Route.socket(API + "/workspaces/{id}/terminal", Access.USER, this::open)
            .query("session", "cols", "rows", "window")
            .forWorkspaces()
            .answers(101)
            .summary(
                "A terminal of the workspace, as a WebSocket for its owner: binary messages are"
                    + " bytes; text messages are {\"resize\":{\"cols\",\"rows\"}}, {\"close\":true} and"
                    + " {\"ack\":bytes}, and to the viewer {\"size\":…} and {\"exit\":code}; the"
                    + " same session attaches again"));
  }

  private SocketAction.Conversation open(Request request) {
    WorkspaceView workspace = workspaces.own(request.caller(), new WorkspaceId(request.id("id")));
    UUID session = request.queryId("session").orElseGet(UUID::randomUUID);
    int columns = request.queryNumber("cols", 1, TerminalTarget.SIZE_MAX).orElse(COLUMNS);
    int rows = request.queryNumber("rows", 1, TerminalTarget.SIZE_MAX).orElse(ROWS);
    Optional<Integer> window =
        request.queryNumber("window", TerminalFrame.BYTES_MAX, WINDOW_BYTES_MAX);
    boolean reachable =
        workspace.status() == WorkspaceStatus.RUNNING
            || workspace.status() == WorkspaceStatus.STARTING
            || workspace.status() == WorkspaceStatus.PENDING;
    if (!reachable) {
      throw Problems.conflict(
          "the workspace %s is %s; start it first".formatted(workspace.name(), workspace.status()));
    }
    String target = new TerminalTarget(session, columns, rows).toString();
    return socket -> converse(workspace.id(), target, window, socket);
  }

  private void converse(WorkspaceId id, String target, Optional<Integer> window, Socket socket)
      throws InterruptedException {
    try (TunnelStream stream =
        connections.open(id, StreamKind.TERMINAL, target, WorkspaceConnections.DAEMON_WAIT)) {
      new TerminalBridge(stream, socket, window).run();
    } catch (IOException lost) {
      log.debug("a terminal of workspace {} ends: {}", id, lost.getMessage());
      TerminalBridge.lost(socket, lost);
    }
  }
}
