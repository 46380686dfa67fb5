package dev.warren.server.tool.platform;

import dev.warren.server.http.ProblemException;
import dev.warren.server.template.TemplateId;
import dev.warren.server.tool.Field;
import dev.warren.server.tool.ToolContext;
import dev.warren.server.tool.ToolResult;
import dev.warren.server.workspace.WorkspaceConnections;
import dev.warren.server.workspace.WorkspaceId;
import dev.warren.server.workspace.WorkspaceStatus;
import dev.warren.server.workspace.WorkspaceView;
import dev.warren.server.workspace.Workspaces;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// `create_workspace`: makes the chat's workspace, waits until it can be used, and binds the chat
/// to it. A chat that has one gets that one.
public final class CreateWorkspace implements LifecycleTool<CreateWorkspace.Input> {
  private final Workspaces workspaces;
  private final WorkspaceWait wait;

  public CreateWorkspace(Workspaces workspaces, WorkspaceConnections connections) {
    this.workspaces = workspaces;
    this.wait = new WorkspaceWait(workspaces, connections);
  }

  /// What the model gives.
  public record Input(
      @Field("The id that list_templates gave") UUID templateId,
      @Field(value = "Letters, digits and '-'; made up when left out", min = 1, max = 64)
          Optional<String> name,
      @Field("Values by parameter name, as read_template lists them")
          Optional<Map<String, JsonNode>> parameters) {}

  @Override
  public String name() {
    return "create_workspace";
  }

  @Override
  public Class<Input> inputType() {
    return Input.class;
  }

  @Override
  public ToolResult execute(ToolContext context, Input input) throws InterruptedException {
    Optional<WorkspaceView> made =
        workspaces.findByCall(context.callId()).filter(CreateWorkspace::exists);
    if (made.isPresent()) { // this very call, before a crash
      context.bindWorkspace(made.get().id());
      return wait.awaitReady(context, made.get().id(), Optional.empty());
    }
    Optional<WorkspaceView> bound =
        context.workspaceId().flatMap(workspaces::find).filter(CreateWorkspace::exists);
    if (bound.isPresent()) {
      return existing(context, bound.get());
    }
    try {
      WorkspaceId id = create(context, input);
      context.bindWorkspace(id);
      return wait.awaitReady(context, id, Optional.empty());
    } catch (ProblemException e) {
      return ToolResult.error(
          "The workspace was not made: "
              + e.problem().detail()
              + ". read_template lists the parameters and what they take.");
    }
  }

  @Override
  public ToolResult cancel(ToolContext context, Input input) {
    return ToolResult.error(
        "The user interrupted the wait. The workspace may still be coming up; start_workspace waits"
            + " for it, stop_workspace stops it.");
  }

  private ToolResult existing(ToolContext context, WorkspaceView workspace)
      throws InterruptedException {
    if (workspace.status() == WorkspaceStatus.STOPPED
        || workspace.status() == WorkspaceStatus.FAILED
        || workspace.status() == WorkspaceStatus.STOPPING) {
      return ToolResult.error(
          "This chat has the workspace "
              + workspace.name()
              + " already, which is "
              + workspace.status()
              + ": call start_workspace.",
          WorkspaceWait.Output.of(workspace, Optional.of(true)));
    }
    return wait.awaitReady(context, workspace.id(), Optional.of(true));
  }

  private WorkspaceId create(ToolContext context, Input input) {
    String call = context.callId().toString();
    // the end of a UUIDv7 is random
    String name = input.name().orElse("agent-" + call.substring(call.length() - 8));
    return workspaces
        .create(
            context.owner().id(),
            new Workspaces.NewWorkspace(
                Workspaces.newId(),
                name,
                new TemplateId(input.templateId()),
                input.parameters().orElse(Map.of()),
                Optional.of(context.callId())))
        .id();
  }

  private static boolean exists(WorkspaceView workspace) {
    return workspace.status() != WorkspaceStatus.DELETED
        && workspace.status() != WorkspaceStatus.DELETING;
  }
}
