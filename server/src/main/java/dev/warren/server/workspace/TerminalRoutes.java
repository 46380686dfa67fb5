package dev.warren.server.workspace;

import static dev.warren.server.http.Route.API;

import dev.warren.protocol.Json;
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
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/// `/api/v1/workspaces/{id}/terminal`: carries a terminal between the workspace's daemon and a
/// WebSocket. Binary messages are what is typed and printed; text ones are [Told] and [Asked]. A
/// viewer that does not read slows the program down, and is cut after the socket's write deadline;
/// whoever comes back with the same `session` finds the terminal as it is.
final class TerminalRoutes {
  private static final int COLUMNS = 80;
  private static final int ROWS = 24;

  /// The close code when the shell has ended; a viewer need not come back.
  private static final int CLOSE_ENDED = 4410;

  /// The close code when the workspace was lost; a viewer may try again.
  private static final int CLOSE_LOST = 4502;

  private static final Duration LISTEN = Duration.ofMinutes(1);
  private static final Logger log = LoggerFactory.getLogger(TerminalRoutes.class);

  private final Workspaces workspaces;
  private final WorkspaceConnections connections;

  TerminalRoutes(Workspaces workspaces, WorkspaceConnections connections) {
    this.workspaces = workspaces;
    this.connections = connections;
  }

  /// A text message of the viewer's.
  record Asked(Size resize) {}

  /// A terminal's size in characters.
  record Size(int cols, int rows) {}

  /// A text message to the viewer: the terminal's size, which another viewer may have changed, or
  /// the shell's exit code.
  record Told(Optional<Size> size, Optional<Integer> exit) {}

  List<Route> routes() {
    return List.of(
        Route.socket(API + "/workspaces/{id}/terminal", Access.USER, this::open)
            .query("session", "cols", "rows")
            .forWorkspaces()
            .answers(101)
            .summary(
                "A terminal of the workspace, as a WebSocket for its owner: binary messages are"
                    + " bytes, text messages {\"resize\":{\"cols\",\"rows\"}} and, to the viewer,"
                    + " {\"size\":…} or {\"exit\":code}; the same session attaches again"));
  }

  private SocketAction.Conversation open(Request request) {
    WorkspaceView workspace = workspaces.own(request.caller(), new WorkspaceId(request.id("id")));
    UUID session = request.queryId("session").orElseGet(UUID::randomUUID);
    int columns = request.queryNumber("cols", 1, TerminalTarget.SIZE_MAX).orElse(COLUMNS);
    int rows = request.queryNumber("rows", 1, TerminalTarget.SIZE_MAX).orElse(ROWS);
    boolean reachable =
        workspace.status() == WorkspaceStatus.RUNNING
            || workspace.status() == WorkspaceStatus.STARTING
            || workspace.status() == WorkspaceStatus.PENDING;
    if (!reachable) {
      throw Problems.conflict(
          "the workspace %s is %s; start it first".formatted(workspace.name(), workspace.status()));
    }
    String target = new TerminalTarget(session, columns, rows).toString();
    return socket -> converse(workspace.id(), target, socket);
  }

  private void converse(WorkspaceId id, String target, Socket socket) throws InterruptedException {
    try (TunnelStream stream =
        connections.open(id, StreamKind.TERMINAL, target, WorkspaceConnections.DAEMON_WAIT)) {
      Thread printing =
          Thread.ofVirtual().name("terminal-print").start(() -> print(stream, socket));
      try {
        type(stream, socket);
      } finally {
        stream.reset();
        printing.interrupt();
        printing.join();
      }
    } catch (IOException lost) {
      log.debug("a terminal of workspace {} ends: {}", id, lost.getMessage());
      socket.close(CLOSE_LOST, brief(lost));
    }
  }

  /// From the viewer to the terminal, until the viewer goes.
  private static void type(TunnelStream stream, Socket socket)
      throws IOException, InterruptedException {
    while (socket.isOpen()) {
      Optional<Socket.Message> message = socket.receive(LISTEN);
      if (message.isEmpty()) {
        continue;
      }
      switch (message.get()) {
        case Socket.Message.Binary(byte[] typed) -> write(stream, typed);
        case Socket.Message.Text(String text) -> {
          Optional<Size> size = resize(text);
          if (size.isEmpty()) {
            socket.close(1007, "a text message is {\"resize\":{\"cols\":1-500,\"rows\":1-500}}");
            return;
          }
          new TerminalFrame.Resize(size.get().cols(), size.get().rows()).writeTo(stream.output());
        }
        case Socket.Message.Closed _ -> {
          return;
        }
      }
    }
  }

  private static void write(TunnelStream stream, byte[] typed) throws IOException {
    for (int from = 0; from < typed.length; from += TerminalFrame.BYTES_MAX) {
      int to = Math.min(typed.length, from + TerminalFrame.BYTES_MAX);
      new TerminalFrame.Data(java.util.Arrays.copyOfRange(typed, from, to))
          .writeTo(stream.output());
    }
  }

  private static Optional<Size> resize(String text) {
    try {
      Size size = Json.STRICT.readValue(text, Asked.class).resize();
      boolean fits =
          size != null
              && size.cols() >= 1
              && size.cols() <= TerminalTarget.SIZE_MAX
              && size.rows() >= 1
              && size.rows() <= TerminalTarget.SIZE_MAX;
      return fits ? Optional.of(size) : Optional.empty();
    } catch (JacksonException malformed) {
      return Optional.empty();
    }
  }

  /// From the terminal to the viewer, until the shell ends or one of the two is lost.
  private static void print(TunnelStream stream, Socket socket) {
    try {
      Optional<TerminalFrame> frame = TerminalFrame.read(stream.input());
      while (frame.isPresent()) {
        switch (frame.get()) {
          case TerminalFrame.Data(byte[] printed) -> socket.sendBinary(printed);
          case TerminalFrame.Resize(int columns, int rows) ->
              tell(socket, new Told(Optional.of(new Size(columns, rows)), Optional.empty()));
          case TerminalFrame.Exit(int code) -> {
            tell(socket, new Told(Optional.empty(), Optional.of(code)));
            socket.close(CLOSE_ENDED, "the shell ended with " + code);
            return;
          }
        }
        frame = TerminalFrame.read(stream.input());
      }
      socket.close(CLOSE_LOST, "the workspace ended the terminal");
    } catch (IOException lost) {
      socket.close(CLOSE_LOST, brief(lost));
    }
  }

  private static void tell(Socket socket, Told told) throws IOException {
    socket.sendText(Json.STRICT.writeValueAsString(told));
  }

  /// A close frame holds 123 bytes of reason.
  private static String brief(IOException lost) {
    String message = String.valueOf(lost.getMessage()).replaceAll("[^\\x20-\\x7e]", "?");
    return message.length() <= 120 ? message : message.substring(0, 120);
  }
}
