package dev.warren.server.chat;

import dev.warren.protocol.Json;
import dev.warren.server.model.ModelId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// A chat's messages, under the lock of the chat's row.
final class LockedHistoryStore {
  private final Handle handle;
  private final Chat before;
  private final long version;

  /// @param version the chat's, that what is written here is part of
  LockedHistoryStore(Handle handle, Chat before, long version) {
    this.handle = handle;
    this.before = before;
    this.version = version;
  }

  ChatMessage append(MessageDraft draft, long seq) {
    ChatMessage message =
        new ChatMessage(
            draft.id(),
            seq,
            version,
            version,
            draft.role(),
            draft.parts(),
            draft.finish(),
            false,
            draft.modelId(),
            draft.usage(),
            Instant.now());
    handle
        .createUpdate(
            """
            INSERT INTO messages (id, chat_id, seq, inserted_version, version, role, parts, finish, model_id, usage,
                created_at)
            VALUES (:id, :chat, :seq, :version, :version, :role, :parts::json, :finish, :model,
                :usage::json, :created)
            """)
        .bind("id", message.id().value())
        .bind("chat", before.id().value())
        .bind("seq", message.seq())
        .bind("version", version)
        .bind("role", message.role().toString())
        .bind("parts", PartJson.stored(message.parts()))
        .bind("finish", message.finish().map(Finish::toString).orElse(null))
        .bind("model", message.modelId().map(ModelId::value).orElse(null))
        .bind("usage", message.usage().map(Json.STRICT::writeValueAsString).orElse(null))
        .bind("created", message.createdAt())
        .execute();
    MessageWordsStore.write(handle, before, message.id(), message.role(), message.parts());
    return message;
  }

  ChatMessage first() {
    return ChatStore.messages(handle, before.id(), new ChatStore.Range.After(-1), 1).getFirst();
  }

  Optional<ChatMessage> last() {
    return ChatStore.messages(handle, before.id(), new ChatStore.Range.Newest(), 1).stream()
        .findFirst();
  }

  Optional<ChatMessage> find(MessageId messageId) {
    return handle
        .createQuery("SELECT * FROM messages WHERE chat_id = :chat AND id = :id")
        .bind("chat", before.id().value())
        .bind("id", messageId.value())
        .map((row, context) -> ChatStore.message(row))
        .findOne();
  }

  /// Replaces a message's parts and removes all that follow it, leaving tombstones.
  void rewrite(ChatMessage message, List<StoredPart> parts) {
    handle
        .createUpdate(
            """
            WITH gone AS (
              DELETE FROM messages WHERE chat_id = :chat AND seq > :seq RETURNING id
            )
            INSERT INTO removed_messages (chat_id, message_id, version)
            SELECT :chat, id, :version FROM gone
            """)
        .bind("chat", before.id().value())
        .bind("seq", message.seq())
        .bind("version", version)
        .execute();
    handle
        .createUpdate("UPDATE messages SET parts = :parts::json, version = :version WHERE id = :id")
        .bind("parts", PartJson.stored(parts))
        .bind("version", version)
        .bind("id", message.id().value())
        .execute();
    MessageWordsStore.write(handle, before, message.id(), message.role(), parts);
    InstructionsStore.dropAfter(handle, before.id(), message.seq());
  }

  void compressAll() {
    handle
        .createUpdate(
            """
            UPDATE messages m SET compressed = true, version = :version
            FROM chats c
            WHERE c.id = :chat AND m.chat_id = c.id AND m.seq >= c.context_seq AND NOT m.compressed
            """)
        .bind("version", version)
        .bind("chat", before.id().value())
        .execute();
  }

  /// What is sent to the model begins with this message.
  void contextFrom(long seq) {
    handle
        .createUpdate("UPDATE chats SET context_seq = :seq WHERE id = :id")
        .bind("seq", seq)
        .bind("id", before.id().value())
        .execute();
  }

  /// Whether the model is sent anything but a summary.
  boolean hasMoreThanSummary() {
    return handle
        .createQuery(
            """
            SELECT EXISTS (SELECT 1 FROM messages m JOIN chats c ON c.id = m.chat_id
              WHERE c.id = :chat AND m.seq >= c.context_seq AND NOT m.compressed
                AND m.role <> 'summary')
            """)
        .bind("chat", before.id().value())
        .mapTo(Boolean.class)
        .one();
  }
}
