package dev.warren.server.workspace;

import dev.warren.server.access.UserId;
import dev.warren.server.template.EngineKind;
import dev.warren.server.template.TemplateId;
import dev.warren.server.template.TemplateVersionId;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// A workspace as the API shows it.
public record WorkspaceView(
    WorkspaceId id,
    String name,
    Owner owner,
    TemplateId templateId,
    String templateName,
    TemplateVersionId templateVersionId,
    EngineKind engine,
    WorkspaceStatus status,
    DaemonStatus daemon,
    LatestBuild latestBuild,
    ObjectNode parameters,
    Instant createdAt,
    Optional<Instant> lastUsedAt) {

  /// Whose it is.
  public record Owner(UserId id, String username) {}

  /// The newest build in brief.
  public record LatestBuild(
      BuildId id, Transition transition, BuildStatus status, Optional<String> error) {}

  static WorkspaceView of(Workspace workspace, DaemonStatus daemon) {
    Build build = workspace.latestBuild();
    return new WorkspaceView(
        workspace.id(),
        workspace.name(),
        new Owner(workspace.owner().id(), workspace.owner().username()),
        workspace.templateId(),
        workspace.templateName(),
        build.templateVersionId(),
        workspace.engine(),
        workspace.status(),
        daemon,
        new LatestBuild(build.id(), build.transition(), build.status(), build.error()),
        build.parameters(),
        workspace.createdAt(),
        workspace.lastUsedAt());
  }
}
