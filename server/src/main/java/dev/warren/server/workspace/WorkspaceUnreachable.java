package dev.warren.server.workspace;

import dev.warren.server.http.ProblemException;
import dev.warren.server.http.Problems;
import java.io.IOException;
import java.util.Locale;

/// A workspace's daemon could not be reached. The message says how far it got, and what would help.
public final class WorkspaceUnreachable extends IOException {
  private static final long serialVersionUID = 1L;

  private final Stage stage;

  WorkspaceUnreachable(Stage stage, String message) {
    super(message);
    this.stage = stage;
  }

  WorkspaceUnreachable(Stage stage, String message, Throwable cause) {
    super(message, cause);
    this.stage = stage;
  }

  public Stage stage() {
    return stage;
  }

  /// For who asked by HTTP.
  public ProblemException asProblem() {
    String detail = String.valueOf(getMessage());
    return switch (stage) {
      case UNKNOWN -> Problems.notFound(detail);
      case STOPPED, BUILDING, DAEMON -> Problems.conflict(detail);
      case DIAL, REQUEST -> Problems.badGateway(detail);
    };
  }

  /// How far it got.
  public enum Stage {
    /// There is no such workspace, or it is deleted.
    UNKNOWN,
    /// It is stopped, failed, or being stopped.
    STOPPED,
    /// It is still being built.
    BUILDING,
    /// It runs, and its daemon is not attached.
    DAEMON,
    /// The daemon is attached, and does not answer the tunnel.
    DIAL,
    /// The daemon did not answer a request in time, or not as a daemon does.
    REQUEST;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
