package dev.warren.server.tool.workspace;

import dev.warren.server.tool.ToolFailure;
import dev.warren.server.tool.ToolResult;
import dev.warren.server.workspace.daemon.DaemonCallException;
import java.util.UUID;

/// Process ids as the model writes them.
final class ProcessIds {
  private ProcessIds() {}

  static UUID parse(String text) {
    try {
      if (text.strip().length() == 36) {
        return UUID.fromString(text.strip());
      }
    } catch (IllegalArgumentException malformed) {
      // Told below.
    }
    throw unknown("'" + text + "'");
  }

  @FunctionalInterface
  interface Request<T> {
    T make() throws InterruptedException;
  }

  /// Makes a request about a process; one that the daemon does not know is told so.
  static <T> T known(UUID id, Request<T> request) throws InterruptedException {
    try {
      return request.make();
    } catch (DaemonCallException failed) {
      if (failed
          .problem()
          .filter(said -> said.status() == 404 || said.status() == 410)
          .isPresent()) {
        throw unknown(id.toString());
      }
      throw failed;
    }
  }

  private static ToolFailure unknown(String id) {
    return new ToolFailure(
        ToolResult.unknown(
            "There is no process "
                + id
                + " in this workspace. process_list shows those there are."));
  }
}
