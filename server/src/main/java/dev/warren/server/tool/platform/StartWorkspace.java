package dev.warren.server.tool.platform;

import dev.warren.server.tool.ToolContext;
import dev.warren.server.tool.ToolResult;
import dev.warren.server.workspace.DaemonStatus;
import dev.warren.server.workspace.Transition;
import dev.warren.server.workspace.WorkspaceConnections;
import dev.warren.server.workspace.WorkspaceStatus;
import dev.warren.server.workspace.WorkspaceView;
import dev.warren.server.workspace.Workspaces;
import java.util.Optional;

/// `start_workspace`: starts the chat's workspace and waits until it can be used; one that runs
/// stays as it is.
public final class StartWorkspace implements LifecycleTool<StartWorkspace.Input> {
  private final WorkspaceMove move;

  public StartWorkspace(Workspaces workspaces, WorkspaceConnections connections) {
    WorkspaceWait wait = new WorkspaceWait(workspaces, connections);
    this.move =
        new WorkspaceMove(
            workspaces,
            wait,
            Transition.START,
            StartWorkspace::isDone,
            (context, id) -> wait.awaitReady(context, id, Optional.empty()));
  }

  /// Nothing: the chat knows its workspace.
  public record Input() {}

  @Override
  public String name() {
    return "start_workspace";
  }

  @Override
  public Class<Input> inputType() {
    return Input.class;
  }

  @Override
  public ToolResult execute(ToolContext context, Input input) throws InterruptedException {
    return move.perform(context);
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
