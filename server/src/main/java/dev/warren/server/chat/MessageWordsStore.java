package dev.warren.server.chat;

import java.util.List;
import org.jdbi.v3.core.Handle;

/// Keeps the words of messages for the search, in the transaction that writes the message.
final class MessageWordsStore {
  private MessageWordsStore() {}

  /// Only what users and models say is searched, not what tools answer. The words of a sub-agent's
  /// message lead to its parent, since lists do not show sub-agents.
  static void write(
      Handle handle, Chat chat, MessageId message, ChatMessage.Role role, List<StoredPart> parts) {
    if (role != ChatMessage.Role.USER && role != ChatMessage.Role.ASSISTANT) {
      return;
    }
    List<String> words = SearchWords.said(parts);
    handle
        .createUpdate(
            """
            INSERT INTO message_words (message_id, owner_id, chat_id, words)
            VALUES (:message, :owner, :chat, array_to_tsvector(:words))
            ON CONFLICT (message_id) DO UPDATE SET words = excluded.words
            """)
        .bind("message", message.value())
        .bind("owner", chat.ownerId().value())
        .bind("chat", chat.parentId().orElse(chat.id()).value())
        .bindArray("words", String.class, words)
        .execute();
  }
}
