package dev.warren.server.chat;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/// A chat's sub-agents, reached under the chat's own lock and changed in its transaction. Locks go
/// from a parent to its children, several in the order of their ids, and never the other way.
final class ChildrenStore {
  private static final String BUSY =
      "NOT archived AND status IN ('pending', 'running', 'interrupting', 'requires_action')";

  private ChildrenStore() {}

  /// Ends the turns of all that work, and drops what waits in their queues.
  static void stop(LockedChatStore parent) {
    for (LockedChatStore child : lock(parent, BUSY)) {
      child.clearQueue();
      Turns.stop(child);
    }
  }

  /// Closes all.
  static void close(LockedChatStore parent) {
    lock(parent, "NOT archived").forEach(UserTransitions::archive);
  }

  /// Closes those whose spawning an edit has dropped.
  static void closeDropped(LockedChatStore parent) {
    lock(
            parent,
            """
            NOT archived AND parent_call_id IN (
              SELECT t.id FROM tool_calls t JOIN removed_messages r
                ON r.chat_id = t.chat_id AND r.message_id = t.message_id
              WHERE t.chat_id = :parent)
            """)
        .forEach(UserTransitions::archive);
  }

  /// Deletes all.
  static void delete(LockedChatStore parent) {
    for (LockedChatStore child : lock(parent, "true")) {
      LedgerStore.cancelOpen(child.handle(), child.id());
      child.delete();
    }
  }

  /// One of them.
  static Optional<LockedChatStore> lock(LockedChatStore parent, ChatId child) {
    return lockOnce(parent, child, locked -> locked.parentId().equals(Optional.of(parent.id())));
  }

  /// The one that a call has made, if it has.
  static Optional<ChatId> spawnedBy(LockedChatStore parent, UUID call) {
    return parent
        .handle()
        .createQuery("SELECT id FROM chats WHERE parent_id = :parent AND parent_call_id = :call")
        .bind("parent", parent.id().value())
        .bind("call", call)
        .mapTo(UUID.class)
        .findOne()
        .map(ChatId::new);
  }

  /// How many there are.
  static Count count(LockedChatStore parent) {
    return parent
        .handle()
        .createQuery(
            """
            SELECT count(*) AS ever, count(*) FILTER (WHERE NOT archived) AS open
            FROM chats WHERE parent_id = :parent
            """)
        .bind("parent", parent.id().value())
        .map((row, context) -> new Count(row.getInt("open"), row.getInt("ever")))
        .one();
  }

  /// @param open that are not closed
  /// @param ever that were made
  record Count(int open, int ever) {}

  private static List<LockedChatStore> lock(LockedChatStore parent, String condition) {
    List<UUID> ids =
        parent
            .handle()
            .createQuery(
                "SELECT id FROM chats WHERE parent_id = :parent AND " + condition + " ORDER BY id")
            .bind("parent", parent.id().value())
            .mapTo(UUID.class)
            .list();
    // A child may have changed between the look and its lock; what is done to it suits any state.
    return ids.stream()
        .flatMap(id -> lockOnce(parent, new ChatId(id), any -> true).stream())
        .toList();
  }

  /// A child that is held already is the same object: a second one would write over the first.
  private static Optional<LockedChatStore> lockOnce(
      LockedChatStore parent, ChatId child, Predicate<LockedChatStore> condition) {
    Optional<LockedChatStore> held = parent.child(child);
    return held.isPresent()
        ? held
        : LockedChatStore.lock(parent.handle(), child).filter(condition).map(parent::with);
  }
}
