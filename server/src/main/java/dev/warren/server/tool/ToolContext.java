package dev.warren.server.tool;

import dev.warren.server.access.UserId;
import dev.warren.server.chat.ChatId;
import dev.warren.server.workspace.WorkspaceId;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// Who calls a tool, for which chat, and what the call may ask of the engine. One per call;
/// thread-safe.
public interface ToolContext {

  ChatId chatId();

  /// The fencing number of the chat's owner. With the chat it makes the value of the header
  /// `Warren-Lease`.
  long lease();

  /// Ours (UUIDv7), the same when the call is executed again: the idempotency key down to the
  /// daemon.
  UUID callId();

  Owner owner();

  /// The workspace that the chat is bound to now.
  Optional<WorkspaceId> workspaceId();

  /// Binds the chat to a workspace, durably, before this returns. Binding again replaces.
  ///
  /// @throws ToolFailure when the chat has another owner by now
  void bindWorkspace(WorkspaceId workspaceId);

  /// Notes durably on which daemon's store the call is about to take effect. Call it before each
  /// request that changes something.
  ///
  /// @throws ToolFailure with an `unknown` outcome when the call was started on another store
  ///   before: the workspace was rebuilt or lost its disk, and it must not be started again; also
  ///   when the call was cancelled meanwhile
  void reserveStore(WorkspaceId workspaceId, String storeId);

  /// The store on which the call may have taken effect: the first that was reserved for it, by
  /// whichever owner of the chat. Absent when nothing was ever sent to a daemon.
  Optional<String> reservedStore();

  /// When the engine gives the call up.
  Instant deadline();

  /// Whether an earlier owner of the chat may have started this call already.
  boolean resumed();

  /// Shows people some output of the running call. A preview: it may be dropped, and it is not part
  /// of the result.
  void preview(String text);

  /// The user in whose name the call runs.
  record Owner(UserId id, String username, String email) {}
}
