package dev.warren.server.workspace;

import dev.warren.server.template.TemplateVersionId;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// One run of an engine over a workspace, as the API shows it.
///
/// @param error why it failed, for people
public record Build(
    BuildId id,
    WorkspaceId workspaceId,
    int number,
    Transition transition,
    BuildStatus status,
    Optional<String> error,
    TemplateVersionId templateVersionId,
    ObjectNode parameters,
    Instant createdAt,
    Optional<Instant> startedAt,
    Optional<Instant> finishedAt) {}
