package dev.warren.server.chat;

import dev.warren.server.model.ModelId;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// The queue of a chat whose row is locked.
final class LockedQueueStore {
  private final Handle handle;
  private final ChatId chat;

  LockedQueueStore(Handle handle, ChatId chat) {
    this.handle = handle;
    this.chat = chat;
  }

  List<QueuedMessage> read() {
    return ChatStore.queue(handle, chat);
  }

  QueuedMessage add(MessageDraft draft, boolean first) {
    QueuedMessage queued =
        new QueuedMessage(
            new QueuedId(draft.id().value()), draft.parts(), draft.modelId(), Instant.now());
    handle
        .createUpdate(
            """
            INSERT INTO queued_messages (id, chat_id, position, parts, model_id, created_at)
            SELECT :id, :chat, CASE WHEN :first THEN coalesce(min(position), 0) - 1
                                    ELSE coalesce(max(position), 0) + 1 END,
                   :parts::json, :model, :created
            FROM queued_messages WHERE chat_id = :chat
            """)
        .bind("id", queued.id().value())
        .bind("chat", chat.value())
        .bind("first", first)
        .bind("parts", PartJson.stored(queued.parts()))
        .bind("model", queued.modelId().map(ModelId::value).orElse(null))
        .bind("created", queued.createdAt())
        .execute();
    return queued;
  }

  boolean moveToHead(QueuedId queuedId) {
    return handle
            .createUpdate(
                """
                UPDATE queued_messages SET position =
                  (SELECT min(position) - 1 FROM queued_messages WHERE chat_id = :chat)
                WHERE chat_id = :chat AND id = :id
                """)
            .bind("chat", chat.value())
            .bind("id", queuedId.value())
            .execute()
        == 1;
  }

  boolean remove(QueuedId queuedId) {
    return handle
            .createUpdate("DELETE FROM queued_messages WHERE chat_id = :chat AND id = :id")
            .bind("chat", chat.value())
            .bind("id", queuedId.value())
            .execute()
        == 1;
  }

  void clear() {
    handle
        .createUpdate("DELETE FROM queued_messages WHERE chat_id = :chat")
        .bind("chat", chat.value())
        .execute();
  }
}
