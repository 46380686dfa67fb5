package dev.warren.server.agent;

import dev.warren.server.access.Caller;
import dev.warren.server.access.UserId;
import dev.warren.server.chat.Budget;
import dev.warren.server.chat.ChatLookups;
import dev.warren.server.chat.StoredPart;
import dev.warren.server.files.FileId;
import dev.warren.server.model.ModelId;
import dev.warren.server.model.UsableModel;
import dev.warren.server.workspace.WorkspaceId;
import java.util.List;
import java.util.Optional;

/// An installation without files, models of its own, or workspaces.
record NoLookups() implements ChatLookups {
  @Override
  public Optional<StoredPart.File> file(FileId id, UserId owner) {
    return Optional.empty();
  }

  @Override
  public Optional<UsableModel> model(Optional<ModelId> wanted, UserId user) {
    return Optional.empty();
  }

  @Override
  public Budget defaultBudget() {
    return Budget.NONE;
  }

  @Override
  public boolean mayUse(WorkspaceId id, UserId user) {
    return false;
  }

  @Override
  public Optional<Object> workspace(WorkspaceId id, Caller caller) {
    return Optional.empty();
  }

  @Override
  public List<Object> workspaces(Caller caller) {
    return List.of();
  }
}
