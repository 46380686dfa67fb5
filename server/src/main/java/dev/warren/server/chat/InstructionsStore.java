package dev.warren.server.chat;

import dev.warren.protocol.Json;
import dev.warren.server.db.Database;
import dev.warren.server.workspace.WorkspaceId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import tools.jackson.core.type.TypeReference;

/// What models were told of the instructions of workspaces. Written in the chat's own transitions
/// alone, under the lock of its row.
public final class InstructionsStore {
  private final Database database;

  public InstructionsStore(Database database) {
    this.database = database;
  }

  /// What the model is still sent, oldest first: what stands behind a message that is compressed
  /// went with it.
  public List<Instructions> told(ChatId chat) {
    return database.with(handle ->
        handle
            .createQuery(
                """
                SELECT i.* FROM chat_instructions i JOIN chats c ON c.id = i.chat_id
                WHERE i.chat_id = :chat AND i.after_seq >= c.context_seq
                ORDER BY i.after_seq, i.id
                """)
            .bind("chat", chat.value())
            .map((row, context) -> instructions(row))
            .list());
  }

  /// What the model of a chat knows of the workspace that the chat has.
  public KnownInstructions known(Chat chat) {
    return chat.workspaceId()
        .map(workspace -> KnownInstructions.of(told(chat.id()), workspace))
        .orElse(KnownInstructions.of(List.of(), new WorkspaceId(new UUID(0, 0))));
  }

  static void insert(Handle handle, ChatId chat, Instructions entry) {
    handle
        .createUpdate(
            """
            INSERT INTO chat_instructions (id, chat_id, after_seq, workspace_id, files, gone, skills,
                text)
            VALUES (:id, :chat, :after, :workspace, :files::json, :gone::json, :skills::json, :text)
            """)
        .bind("id", entry.id())
        .bind("chat", chat.value())
        .bind("after", entry.afterSeq())
        .bind("workspace", entry.workspaceId().value())
        .bind("files", Json.STRICT.writeValueAsString(entry.files()))
        .bind("gone", Json.STRICT.writeValueAsString(entry.gone()))
        .bind("skills", entry.skills().map(Json.STRICT::writeValueAsString).orElse(null))
        .bind("text", entry.text())
        .execute();
  }

  /// Forgets what was told behind a message whose followers are dropped.
  static void dropAfter(Handle handle, ChatId chat, long seq) {
    handle.execute(
        "DELETE FROM chat_instructions WHERE chat_id = ? AND after_seq > ?", chat.value(), seq);
  }

  private static Instructions instructions(ResultSet row) throws SQLException {
    return new Instructions(
        row.getObject("id", UUID.class),
        row.getLong("after_seq"),
        new WorkspaceId(row.getObject("workspace_id", UUID.class)),
        Json.STRICT.readValue(row.getString("files"), new TypeReference<>() {}),
        Json.STRICT.readValue(row.getString("gone"), new TypeReference<>() {}),
        Optional.ofNullable(row.getString("skills"))
            .map(skills -> Json.STRICT.readValue(skills, new TypeReference<>() {})),
        row.getString("text"));
  }
}
