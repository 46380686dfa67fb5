package dev.warren.server.chat;

import dev.warren.server.model.ModelId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
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

  /// Puts a message at a place of the queue; a place behind the last is the last.
  ///
  /// @param place 1 for the head
  boolean moveTo(QueuedId queuedId, int place) {
    List<UUID> order = new ArrayList<>();
    for (QueuedMessage queued : read()) {
      order.add(queued.id().value());
    }
    if (!order.remove(queuedId.value())) {
      return false;
    }
    order.add(Math.min(place - 1, order.size()), queuedId.value());
    // All go behind the last: a position is never taken twice, not even for a moment.
    handle
        .createUpdate(
            """
            UPDATE queued_messages AS q SET position =
              (SELECT max(position) FROM queued_messages WHERE chat_id = :chat) + wanted.place
            FROM unnest(:order) WITH ORDINALITY AS wanted (id, place)
            WHERE q.chat_id = :chat AND q.id = wanted.id
            """)
        .bind("chat", chat.value())
        .bindArray("order", UUID.class, order)
        .execute();
    return true;
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
