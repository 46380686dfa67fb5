package dev.warren.server.chat;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.protocol.UuidV7;
import dev.warren.server.db.PostgresForTests;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever else writes chats or messages is refused, in this test as in all others on a database:
/// `only-transitions-write-chats.sql`.
final class OnlyTransitionsTest {
  @RegisterExtension static final PostgresForTests postgres = new PostgresForTests();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE chats SET status = 'waiting' WHERE id = :chat",
        "UPDATE chats SET lease = lease + 1 WHERE id = :chat",
        "UPDATE chats SET title = 'another' WHERE id = :chat",
        "UPDATE messages SET compressed = true WHERE chat_id = :chat",
        "DELETE FROM messages WHERE chat_id = :chat",
        "INSERT INTO queued_messages (id, chat_id, position, parts)"
            + " VALUES (gen_random_uuid(), :chat, 1, '[]')",
        "INSERT INTO removed_messages (chat_id, message_id, version)"
            + " VALUES (:chat, gen_random_uuid(), 1)"
      })
  void aWriteOutsideATransitionIsRefused(String sql) {
    UUID chat = chatWithAMessage();
    assertThatThrownBy(() ->
            postgres
                .database()
                .use(handle -> handle.createUpdate(sql).bind("chat", chat).execute()))
        .hasMessageContaining("outside a transition")
        .hasMessageContaining(chat.toString());
  }

  @Test
  void aChatIsDeletedWithAllThatIsItsOwn() {
    UUID chat = chatWithAMessage();
    postgres.database().use(handle -> handle.execute("DELETE FROM chats WHERE id = ?", chat));
  }

  private static UUID chatWithAMessage() {
    UUID owner = UuidV7.next();
    UUID chat = UuidV7.next();
    PostgresForTests.makeUp(
        postgres.database(),
        handle -> {
          handle.execute(
              "INSERT INTO chats (id, owner_id, title, title_source, status)"
                  + " VALUES (?, ?, 'a title', 'prompt', 'pending')",
              chat,
              owner);
          handle.execute(
              "INSERT INTO messages (id, chat_id, seq, inserted_version, version, role, parts)"
                  + " VALUES (gen_random_uuid(), ?, 1, 1, 1, 'user', '[]')",
              chat);
        });
    return chat;
  }
}
