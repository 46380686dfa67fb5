package dev.warren.server.tool.platform;

import dev.warren.server.http.ProblemException;
import dev.warren.server.tool.Tool;
import dev.warren.server.tool.ToolContext;
import dev.warren.server.tool.ToolResult;
import dev.warren.server.workspace.DaemonStatus;
import dev.warren.server.workspace.Transition;
import dev.warren.server.workspace.WorkspaceConnections;
import dev.warren.server.workspace.WorkspaceId;
import dev.warren.server.workspace.WorkspaceStatus;
import dev.warren.server.workspace.WorkspaceView;
import dev.warren.server.workspace.Workspaces;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// `start_workspace`: starts the chat's workspace and waits until it can be used; one that runs
/// stays as it is.
public final class StartWorkspace implements Tool<StartWorkspace.Input> {
  private final Workspaces workspaces;
  private final WorkspaceWait wait;

  public StartWorkspace(Workspaces workspaces, WorkspaceConnections connections) {
    this.workspaces = workspaces;
    this.wait = new WorkspaceWait(workspaces, connections);
  }

  /// Nothing: the chat knows its workspace.
  public record Input() {}

  @Override
  public String name() {
    return "start_workspace";
  }

  @Override
  public Family family() {
    return Family.PLATFORM;
  }

  @Override
  public Effect effect() {
    return Effect.LIFECYCLE;
  }

  @Override
  public Class<Input> inputType() {
    return Input.class;
  }

  @Override
  public Duration timeout(Input input) {
    return WorkspaceWait.TOTAL_MAX;
  }

  @Override
  public ToolResult execute(ToolContext context, Input input) throws InterruptedException {
    Optional<WorkspaceId> bound = context.workspaceId();
    if (bound.isEmpty() || workspaces.find(bound.get()).isEmpty()) {
      return ToolResult.error(
          "This chat has no workspace: list_templates and create_workspace make one.");
    }
    Optional<WorkspaceView> settled = wait.awaitBuild(context, bound.get());
    if (settled.isEmpty()) {
      return ToolResult.error("Another build of the workspace does not end; try again later.");
    }
    WorkspaceView workspace = settled.get();
    if (workspace.status() == WorkspaceStatus.DELETED) {
      return ToolResult.error(
          "The workspace " + workspace.name() + " was deleted: create_workspace makes another.");
    }
    if (isDone(workspace)) {
      return ToolResult.of(WorkspaceWait.Output.of(workspace, Optional.empty()));
    }
    try {
      workspaces.build(context.owner().id(), workspace.id(), Transition.START, Map.of());
    } catch (ProblemException e) {
      return ToolResult.error(e.problem().detail());
    }
    return wait.awaitReady(context, workspace.id(), Optional.empty());
  }

  @Override
  public ToolResult cancel(ToolContext context, Input input) {
    return ToolResult.error("The user interrupted the wait. The workspace may still be coming up.");
  }

  private static boolean isDone(WorkspaceView workspace) {
    return workspace.status() == WorkspaceStatus.RUNNING
        && workspace.daemon().status() == DaemonStatus.State.CONNECTED;
  }
}
