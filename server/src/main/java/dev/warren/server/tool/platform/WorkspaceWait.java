package dev.warren.server.tool.platform;

import dev.warren.server.tool.ToolContext;
import dev.warren.server.tool.ToolResult;
import dev.warren.server.workspace.WorkspaceConnections;
import dev.warren.server.workspace.WorkspaceId;
import dev.warren.server.workspace.WorkspaceStatus;
import dev.warren.server.workspace.WorkspaceUnreachable;
import dev.warren.server.workspace.WorkspaceView;
import dev.warren.server.workspace.Workspaces;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Waits for a workspace to be ready: first for its build, then for its daemon, each with a
/// deadline and an error of its own.
final class WorkspaceWait {
  static final Duration BUILD_MAX = Duration.ofMinutes(10);
  static final Duration DAEMON_MAX = Duration.ofMinutes(2);

  /// Both, and a little for the rest.
  static final Duration TOTAL_MAX = BUILD_MAX.plus(DAEMON_MAX).plusSeconds(30);

  private static final long POLL_MS = 100;

  private final Workspaces workspaces;
  private final WorkspaceConnections connections;

  WorkspaceWait(Workspaces workspaces, WorkspaceConnections connections) {
    this.workspaces = workspaces;
    this.connections = connections;
  }

  /// What the model is told of a workspace.
  record Output(
      WorkspaceId workspaceId,
      String name,
      WorkspaceStatus status,
      Optional<Boolean> alreadyExisted) {
    static Output of(WorkspaceView workspace, Optional<Boolean> alreadyExisted) {
      return new Output(workspace.id(), workspace.name(), workspace.status(), alreadyExisted);
    }
  }

  /// Waits until nothing is built.
  ///
  /// @return the workspace then, or nothing when it took too long
  Optional<WorkspaceView> awaitBuild(ToolContext context, WorkspaceId id)
      throws InterruptedException {
    long deadline = System.nanoTime() + BUILD_MAX.toNanos();
    long seen = 0;
    while (true) {
      WorkspaceView workspace = workspaces.get(id);
      List<Workspaces.LogLine> lines = workspaces.logAfter(workspace.latestBuild().id(), seen);
      for (Workspaces.LogLine line : lines) {
        context.preview(line.text() + "\n");
        seen = line.number();
      }
      if (!workspace.latestBuild().status().isActive()) {
        return Optional.of(workspace);
      }
      if (System.nanoTime() - deadline > 0) {
        return Optional.empty();
      }
      Thread.sleep(POLL_MS);
    }
  }

  /// Waits until the workspace runs and its daemon answers.
  ToolResult awaitReady(ToolContext context, WorkspaceId id, Optional<Boolean> alreadyExisted)
      throws InterruptedException {
    Optional<WorkspaceView> built = awaitBuild(context, id);
    if (built.isEmpty()) {
      return ToolResult.error(
          "The workspace is still being built after "
              + BUILD_MAX.toMinutes()
              + " minutes. start_workspace waits on; the user sees the build's log in the page.");
    }
    WorkspaceView workspace = built.get();
    if (workspace.status() != WorkspaceStatus.RUNNING) {
      String why = workspace.latestBuild().error().orElse("the build was canceled");
      return ToolResult.error(
          "The workspace "
              + workspace.name()
              + " is "
              + workspace.status()
              + ": "
              + why
              + ". If the cause is not yours to mend, tell the user; start_workspace tries again.");
    }
    try {
      connections.awaitDaemon(id, DAEMON_MAX);
    } catch (WorkspaceUnreachable e) {
      return ToolResult.error(
          "The workspace was built, but its daemon did not connect within "
              + DAEMON_MAX.toSeconds()
              + " s: "
              + e.getMessage()
              + ". start_workspace tries again.");
    }
    return ToolResult.of(Output.of(workspaces.get(id), alreadyExisted));
  }
}
