package dev.warren.server.agent;

import dev.warren.server.workspace.WorkspaceId;
import java.util.Optional;

/// The workspace that a chat is bound to, as all calls of a run see it.
final class BoundWorkspace {
  private volatile Optional<WorkspaceId> id;

  BoundWorkspace(Optional<WorkspaceId> id) {
    this.id = id;
  }

  Optional<WorkspaceId> id() {
    return id;
  }

  void set(Optional<WorkspaceId> workspace) {
    id = workspace;
  }
}
