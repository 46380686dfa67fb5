package dev.warren.server.tool.platform;

import dev.warren.server.tool.ToolContext;
import dev.warren.server.tool.ToolResult;
import dev.warren.server.workspace.Transition;
import dev.warren.server.workspace.WorkspaceConnections;
import dev.warren.server.workspace.WorkspaceId;
import dev.warren.server.workspace.WorkspaceStatus;
import dev.warren.server.workspace.WorkspaceView;
import dev.warren.server.workspace.Workspaces;
import java.util.Optional;

/// `stop_workspace`: stops the chat's workspace; its files stay.
public final class StopWorkspace implements LifecycleTool<StopWorkspace.Input> {
  private final WorkspaceWait wait;
  private final WorkspaceMove move;

  public StopWorkspace(Workspaces workspaces, WorkspaceConnections connections) {
    this.wait = new WorkspaceWait(workspaces, connections);
    this.move =
        new WorkspaceMove(workspaces, wait, Transition.STOP, StopWorkspace::isDone, this::stopped);
  }

  /// Nothing: the chat knows its workspace.
  public record Input() {}

  @Override
  public String name() {
    return "stop_workspace";
  }

  @Override
  public Class<Input> inputType() {
    return Input.class;
  }

  @Override
  public ToolResult execute(ToolContext context, Input input) throws InterruptedException {
    return move.perform(context);
  }

  private ToolResult stopped(ToolContext context, WorkspaceId id) throws InterruptedException {
    Optional<WorkspaceView> workspace = wait.awaitBuild(context, id);
    if (workspace.isEmpty()) {
      return ToolResult.error("The workspace is still being stopped; it goes on without you.");
    }
    if (!isDone(workspace.get())) {
      return ToolResult.error(
          "The workspace did not stop: "
              + workspace.get().latestBuild().error().orElse("the build was canceled"));
    }
    return ToolResult.of(WorkspaceWait.Output.of(workspace.get(), Optional.empty()));
  }

  private static boolean isDone(WorkspaceView workspace) {
    return workspace.status() == WorkspaceStatus.STOPPED;
  }
}
