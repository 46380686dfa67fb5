package dev.warren.server.chat;

import dev.warren.protocol.Json;
import dev.warren.server.db.Database;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import tools.jackson.core.JacksonException;

/// Reads [RecordedWork] from messages, the ledger and the sub-agents' rows.
public final class RecordedWorkStore {
  /// The user's messages that are looked at; older ones are counted.
  static final int SAID_MAX = 200;

  /// Newest calls of the ledger that are looked at.
  private static final int CALLS_MAX = 2_000;

  private static final int FILES_MAX = 100;
  private static final int PROCESSES_MAX = 20;
  private static final int AGENTS_MAX = 20;

  private final Database database;

  public RecordedWorkStore(Database database) {
    this.database = database;
  }

  public RecordedWork read(ChatId chat) {
    return database.with(handle -> {
      List<RecordedWork.Said> said = said(handle, chat);
      return new RecordedWork(
          said,
          saidBefore(handle, chat, said),
          changedFiles(handle, chat),
          processes(handle, chat),
          agents(handle, chat));
    });
  }

  private static List<RecordedWork.Said> said(Handle handle, ChatId chat) {
    return handle
        .createQuery(
            """
            SELECT m.*, m.seq < coalesce(
                (SELECT a.seq FROM messages a
                 WHERE a.chat_id = :chat AND a.role = 'assistant' AND a.finish IS NOT NULL
                 ORDER BY a.seq DESC LIMIT 1), 0) AS answered
            FROM messages m JOIN chats c ON c.id = m.chat_id
            WHERE m.chat_id = :chat AND m.role = 'user' AND m.seq > c.cleared_seq
            ORDER BY m.seq DESC LIMIT :limit
            """)
        .bind("chat", chat.value())
        .bind("limit", SAID_MAX)
        .map((row, context) ->
            new RecordedWork.Said(ChatStore.message(row), row.getBoolean("answered")))
        .list();
  }

  private static long saidBefore(Handle handle, ChatId chat, List<RecordedWork.Said> said) {
    if (said.size() < SAID_MAX) {
      return 0;
    }
    return handle
        .createQuery(
            """
            SELECT count(*) FROM messages m JOIN chats c ON c.id = m.chat_id
            WHERE m.chat_id = :chat AND m.role = 'user' AND m.seq > c.cleared_seq AND m.seq < :seq
            """)
        .bind("chat", chat.value())
        .bind("seq", said.getLast().message().seq())
        .mapTo(Long.class)
        .one();
  }

  private static List<String> changedFiles(Handle handle, ChatId chat) {
    return handle
        .createQuery(
            """
            WITH calls AS (
              SELECT name, result::jsonb AS result, done_at FROM tool_calls
              WHERE chat_id = :chat AND name IN ('write_file', 'edit_files')
                AND result IS NOT NULL AND NOT is_error
              ORDER BY created_at DESC LIMIT :calls
            ), paths AS (
              SELECT result ->> 'path' AS path, done_at FROM calls
              UNION ALL
              SELECT file ->> 'path', done_at
              FROM calls CROSS JOIN LATERAL jsonb_path_query(result, '$.files[*]') AS file
            )
            SELECT path FROM paths WHERE path IS NOT NULL
            GROUP BY path ORDER BY max(done_at) DESC LIMIT :limit
            """)
        .bind("chat", chat.value())
        .bind("calls", CALLS_MAX)
        .bind("limit", FILES_MAX)
        .mapTo(String.class)
        .list();
  }

  private static List<RecordedWork.OpenProcess> processes(Handle handle, ChatId chat) {
    Set<String> ended = new HashSet<>();
    handle
        .createQuery(
            """
            SELECT input FROM tool_calls
            WHERE chat_id = :chat AND name IN ('process_output', 'process_signal')
              AND result ->> 'running' = 'false'
            ORDER BY created_at DESC LIMIT :calls
            """)
        .bind("chat", chat.value())
        .bind("calls", CALLS_MAX)
        .mapTo(String.class)
        .forEach(input -> ended.add(argument(input, "process_id")));
    return handle
        .createQuery(
            """
            SELECT id, input, result ->> 'process_id' AS process FROM tool_calls
            WHERE chat_id = :chat AND name = 'execute' AND result ->> 'process_id' IS NOT NULL
            ORDER BY created_at DESC LIMIT :calls
            """)
        .bind("chat", chat.value())
        .bind("calls", CALLS_MAX)
        .map((row, context) ->
            new RecordedWork.OpenProcess(
                row.getString("process"), argument(row.getString("input"), "command")))
        .stream()
        .filter(process -> !ended.contains(process.id()))
        .limit(PROCESSES_MAX)
        .toList();
  }

  /// Arguments lie in the ledger as the model wrote them: a text that need not be JSON.
  private static String argument(String input, String name) {
    try {
      String raw = Json.STRICT.readTree(input).stringValue();
      return Json.STRICT.readTree(raw).path(name).asString("");
    } catch (JacksonException e) {
      return "";
    }
  }

  private static List<RecordedWork.Agent> agents(Handle handle, ChatId chat) {
    return handle
        .createQuery(
            """
            SELECT id, title, status FROM chats WHERE parent_id = :chat AND NOT archived
            ORDER BY id DESC LIMIT :limit
            """)
        .bind("chat", chat.value())
        .bind("limit", AGENTS_MAX)
        .map((row, context) ->
            new RecordedWork.Agent(
                new ChatId(row.getObject("id", UUID.class)),
                row.getString("title"),
                ChatStore.status(row)))
        .list();
  }
}
