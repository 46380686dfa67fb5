package dev.warren.server.workspace;

import dev.warren.protocol.NodeId;
import dev.warren.server.access.UserId;
import dev.warren.server.template.EngineKind;
import dev.warren.server.template.TemplateId;
import java.time.Instant;
import java.util.Optional;

/// A workspace with its newest build.
///
/// @param nodeId whose key its daemon proved; absent until one came, and after a stop
/// @param daemonAttachedAt when the daemon came in last
public record Workspace(
    WorkspaceId id,
    String name,
    Owner owner,
    TemplateId templateId,
    String templateName,
    EngineKind engine,
    Build latestBuild,
    Optional<NodeId> nodeId,
    Optional<String> daemonVersion,
    Optional<Instant> daemonAttachedAt,
    Instant createdAt,
    Optional<Instant> lastUsedAt) {

  /// The user in whose name its daemon acts.
  public record Owner(UserId id, String username, String email) {}

  public WorkspaceStatus status() {
    return WorkspaceStatus.of(latestBuild.transition(), latestBuild.status());
  }

  /// Whether its daemon may have direct paths. A template says so by a parameter `direct`; without
  /// one they are wanted.
  boolean mayGoDirect() {
    return latestBuild.parameters().path("direct").asBoolean(true);
  }

  /// Whether a daemon may be attached: from the moment a start build exists until a stop does.
  boolean expectsDaemon() {
    return latestBuild.transition() == Transition.START
        && switch (latestBuild.status()) {
          case PENDING, RUNNING, SUCCEEDED -> true;
          case FAILED, CANCELING, CANCELED -> false;
        };
  }
}
