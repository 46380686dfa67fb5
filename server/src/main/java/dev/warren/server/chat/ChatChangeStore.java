package dev.warren.server.chat;

import dev.warren.protocol.Json;
import dev.warren.server.db.Database;
import dev.warren.server.model.ModelId;
import dev.warren.server.replica.ReplicaId;
import dev.warren.server.workspace.WorkspaceId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/// Writes chats, messages, queues and tombstones: only within [#change], under the lock of the
/// chat's row. Used by [TransitionGate] alone.
final class ChatChangeStore {
  private final Database database;

  ChatChangeStore(Database database) {
    this.database = database;
  }

  /// Runs `work` in one transaction on the locked row, and writes the row back with its version
  /// bumped, unless `work` throws or deletes the chat.
  <T> T change(ChatId id, Function<LockedChatStore, T> work) {
    return database.inTransaction(handle -> {
      LockedChatStore chat =
          LockedChatStore.lock(handle, id).orElseThrow(() -> ChatException.notFound(id));
      T result = work.apply(chat);
      chat.write();
      return result;
    });
  }

  /// Inserts a chat in the state pending, and hands it to `work` in the same transaction.
  LockedChatStore create(NewChat chat, Consumer<LockedChatStore> work) {
    return database.inTransaction(handle -> {
      LockedChatStore locked = insert(handle, chat, Optional.empty());
      work.accept(locked);
      locked.write();
      return locked;
    });
  }

  /// Inserts a pending chat, which is then to be written.
  ///
  /// @param spawn of a sub-agent
  static LockedChatStore insert(Handle handle, NewChat chat, Optional<Spawn> spawn) {
    handle
        .createUpdate(
            """
            INSERT INTO chats (id, owner_id, parent_id, parent_call_id, title, title_source,
                status, labels, model_id, workspace_id, context_limit_tokens, budget_tokens,
                budget_usd, version)
            VALUES (:id, :owner, :parent, :call, :title, :source, 'pending', :labels::jsonb,
                :model, :workspace, :limit, :budget_tokens, :budget_usd, 0)
            """)
        .bind("id", chat.id().value())
        .bind("owner", chat.owner().value())
        .bind("parent", spawn.map(from -> from.parent().value()).orElse(null))
        .bind("call", spawn.map(Spawn::call).orElse(null))
        .bind("title", chat.title())
        .bind("source", chat.titleSource().toString())
        .bind("labels", Json.STRICT.writeValueAsString(chat.labels()))
        .bind("model", chat.modelId().map(ModelId::value).orElse(null))
        .bind("workspace", chat.workspaceId().map(WorkspaceId::value).orElse(null))
        .bind("limit", chat.contextLimitTokens())
        .bind("budget_tokens", chat.budget().tokens().orElse(null))
        .bind("budget_usd", chat.budget().usd().orElse(null))
        .execute();
    return new LockedChatStore(handle, ChatStore.find(handle, chat.id()).orElseThrow(), 1);
  }

  /// Where a sub-agent comes from.
  record Spawn(ChatId parent, UUID call) {}

  /// Gives pending chats to a replica, fair between owners: who has the fewest running goes first,
  /// and each owner's oldest chats first. Chats that another transaction holds are skipped, those
  /// that rest do not count.
  ///
  /// @param perOwnerMax chats of one owner that may be owned at once, over all replicas
  List<Chat> claim(ReplicaId replica, int slots, int perOwnerMax) {
    return database.inTransaction(handle -> {
      List<UUID> claimed =
          handle
              .createQuery(
                  """
                  WITH RECURSIVE owners AS (
                    (SELECT owner_id FROM chats WHERE status = 'pending'
                     ORDER BY owner_id LIMIT 1)
                    UNION ALL
                    SELECT (SELECT c.owner_id FROM chats c
                            WHERE c.status = 'pending' AND c.owner_id > o.owner_id
                            ORDER BY c.owner_id LIMIT 1)
                    FROM owners o WHERE o.owner_id IS NOT NULL
                  ), owned AS (
                    SELECT owner_id, count(*) AS running FROM chats
                    WHERE worker_id IS NOT NULL AND NOT resting GROUP BY owner_id
                  ), candidates AS (
                    SELECT p.id, p.status_since,
                           coalesce(d.running, 0) + p.place AS turn
                    FROM owners o
                    LEFT JOIN owned d ON d.owner_id = o.owner_id
                    CROSS JOIN LATERAL (
                      SELECT c.id, c.status_since,
                             row_number() OVER (ORDER BY c.status_since) AS place
                      FROM chats c
                      WHERE c.owner_id = o.owner_id AND c.status = 'pending'
                      ORDER BY c.status_since LIMIT :slots
                    ) p
                    WHERE o.owner_id IS NOT NULL
                  ), chosen AS (
                    SELECT c.id FROM chats c JOIN candidates x ON x.id = c.id
                    WHERE c.status = 'pending' AND x.turn <= :max
                    ORDER BY x.turn, x.status_since
                    LIMIT :slots
                    FOR UPDATE OF c SKIP LOCKED
                  )
                  UPDATE chats c
                  SET status = 'running', worker_id = :replica, lease = c.lease + 1,
                      version = c.version + 1, status_since = now(), updated_at = now()
                  FROM chosen WHERE c.id = chosen.id
                  RETURNING c.id
                  """)
              .bind("replica", replica.value())
              .bind("slots", slots)
              .bind("max", perOwnerMax)
              .mapTo(UUID.class)
              .list();
      return claimed.stream()
          .map(id -> ChatStore.find(handle, new ChatId(id)).orElseThrow())
          .toList();
    });
  }
}
