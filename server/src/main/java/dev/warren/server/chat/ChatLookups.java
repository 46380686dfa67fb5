package dev.warren.server.chat;

import dev.warren.server.access.Caller;
import dev.warren.server.access.UserId;
import dev.warren.server.files.FileId;
import dev.warren.server.model.ModelId;
import dev.warren.server.model.UsableModel;
import dev.warren.server.workspace.WorkspaceId;
import java.util.List;
import java.util.Optional;

/// What chats ask of the features that they name by id.
public interface ChatLookups {
  /// An attached file of this user, as a message refers to it.
  Optional<StoredPart.File> file(FileId id, UserId owner);

  /// The wanted model, or the default; none when neither is there or may be used.
  Optional<UsableModel> model(Optional<ModelId> wanted, UserId user);

  /// What a new chat may use.
  Budget defaultBudget();

  /// Whether a user may have a chat work in a workspace.
  boolean mayUse(WorkspaceId id, UserId user);

  /// A workspace as clients see it, if the caller may.
  Optional<Object> workspace(WorkspaceId id, Caller caller);

  /// The caller's own workspaces as clients see them.
  List<Object> workspaces(Caller caller);
}
