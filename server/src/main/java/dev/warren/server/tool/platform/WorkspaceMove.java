package dev.warren.server.tool.platform;

import dev.warren.server.http.ProblemException;
import dev.warren.server.tool.ToolContext;
import dev.warren.server.tool.ToolResult;
import dev.warren.server.workspace.Transition;
import dev.warren.server.workspace.WorkspaceId;
import dev.warren.server.workspace.WorkspaceStatus;
import dev.warren.server.workspace.WorkspaceView;
import dev.warren.server.workspace.Workspaces;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// Moves a chat's own workspace to where a tool wants it; one that is there already stays as it is.
///
/// @param isThere whether nothing has to be done
/// @param arrival waits for the end of the build that was begun, and says what came of it
record WorkspaceMove(
    Workspaces workspaces,
    WorkspaceWait waiting,
    Transition transition,
    Predicate<WorkspaceView> isThere,
    Arrival arrival) {

  /// What comes after the build was begun.
  interface Arrival {
    ToolResult await(ToolContext context, WorkspaceId id) throws InterruptedException;
  }

  ToolResult perform(ToolContext context) throws InterruptedException {
    Optional<WorkspaceId> bound = context.workspaceId();
    if (bound.isEmpty() || workspaces.find(bound.get()).isEmpty()) {
      return ToolResult.error(
          "This chat has no workspace: list_templates and create_workspace make one.");
    }
    Optional<WorkspaceView> settled = waiting.awaitBuild(context, bound.get());
    if (settled.isEmpty()) {
      return ToolResult.error("Another build of the workspace does not end; try again later.");
    }
    WorkspaceView workspace = settled.get();
    if (workspace.status() == WorkspaceStatus.DELETED) {
      return ToolResult.error(
          "The workspace " + workspace.name() + " was deleted: create_workspace makes another.");
    }
    if (isThere.test(workspace)) {
      return ToolResult.of(WorkspaceWait.Output.of(workspace, Optional.empty()));
    }
    try {
      workspaces.build(context.owner().id(), workspace.id(), transition, Map.of());
    } catch (ProblemException e) {
      return ToolResult.error(e.problem().detail());
    }
    return arrival.await(context, workspace.id());
  }
}
