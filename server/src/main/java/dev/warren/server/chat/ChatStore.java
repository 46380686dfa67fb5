package dev.warren.server.chat;

import dev.warren.protocol.Json;
import dev.warren.server.access.UserId;
import dev.warren.server.approval.ApprovalRules;
import dev.warren.server.db.Database;
import dev.warren.server.model.ModelId;
import dev.warren.server.replica.ReplicaId;
import dev.warren.server.workspace.WorkspaceId;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import tools.jackson.core.type.TypeReference;

/// Reads chats, messages and queues. All reads of one method see one state of the database.
public final class ChatStore {
  /// Messages in one page at most.
  public static final int PAGE_MAX = 200;

  static final String SELECT_CHAT =
      """
      SELECT c.*, u.username AS owner_username, k.*,
             coalesce(m.context_limit, c.context_limit_tokens) AS limit_tokens
      FROM chats c JOIN users u ON u.id = c.owner_id LEFT JOIN models m ON m.id = c.model_id
      CROSS JOIN LATERAL (
        SELECT coalesce(sum(input_tokens), 0) AS children_input_tokens,
               coalesce(sum(output_tokens), 0) AS children_output_tokens,
               coalesce(sum(cache_read_tokens), 0) AS children_cache_read_tokens,
               coalesce(sum(cache_write_tokens), 0) AS children_cache_write_tokens,
               coalesce(sum(reasoning_tokens), 0) AS children_reasoning_tokens,
               sum(cost_usd) AS children_cost_usd
        FROM chats WHERE parent_id = c.id
      ) k
      """;

  private final Database database;

  public ChatStore(Database database) {
    this.database = database;
  }

  public Optional<Chat> find(ChatId id) {
    return database.with(handle -> find(handle, id));
  }

  static Optional<Chat> find(Handle handle, ChatId id) {
    return handle
        .createQuery(SELECT_CHAT + "WHERE c.id = :id")
        .bind("id", id.value())
        .map((row, context) -> chat(row))
        .findOne();
  }

  /// Messages before or after a sequence number, oldest first.
  public List<ChatMessage> messages(ChatId id, Range range, int limit) {
    return database.with(handle -> messages(handle, id, range, limit));
  }

  static List<ChatMessage> messages(Handle handle, ChatId id, Range range, int limit) {
    String sql =
        switch (range) {
          case Range.Newest() -> "ORDER BY seq DESC";
          case Range.Before before -> "AND seq < :seq ORDER BY seq DESC";
          case Range.After after -> "AND seq > :seq ORDER BY seq";
        };
    Query query =
        handle
            .createQuery("SELECT * FROM messages WHERE chat_id = :id " + sql + " LIMIT :limit")
            .bind("id", id.value())
            .bind("limit", limit);
    switch (range) {
      case Range.Newest() -> {}
      case Range.Before(long seq) -> query.bind("seq", seq);
      case Range.After(long seq) -> query.bind("seq", seq);
    }
    List<ChatMessage> page = new ArrayList<>(query.map((row, context) -> message(row)).list());
    if (!(range instanceof Range.After)) {
      Collections.reverse(page);
    }
    return page;
  }

  public Optional<ChatMessage> message(ChatId chat, MessageId id) {
    return database.with(handle ->
        handle
            .createQuery("SELECT * FROM messages WHERE chat_id = :chat AND id = :id")
            .bind("chat", chat.value())
            .bind("id", id.value())
            .map((row, context) -> message(row))
            .findOne());
  }

  /// The newest message of the model that says something.
  public Optional<ChatMessage> lastAnswer(ChatId id) {
    return database.with(handle ->
        handle
            .createQuery(
                """
                SELECT * FROM messages m WHERE chat_id = :id AND role = 'assistant'
                  AND EXISTS (SELECT 1 FROM json_array_elements(m.parts) part
                              WHERE part ->> 'type' = 'text' AND part ->> 'text' <> '')
                ORDER BY seq DESC LIMIT 1
                """)
            .bind("id", id.value())
            .map((row, context) -> message(row))
            .findOne());
  }

  /// What the model is to be sent: all messages that are not compressed, oldest first.
  public List<ChatMessage> history(ChatId id) {
    return database.with(handle ->
        handle
            .createQuery(
                """
                SELECT m.* FROM chats c JOIN messages m
                  ON m.chat_id = c.id AND m.seq >= c.context_seq AND NOT m.compressed
                WHERE c.id = :id ORDER BY m.seq
                """)
            .bind("id", id.value())
            .map((row, context) -> message(row))
            .list());
  }

  /// Answers of the model in the running turn that are compressed already.
  public int compressedSteps(ChatId id) {
    return database.with(handle ->
        handle
            .createQuery(
                """
                SELECT count(*) FROM messages
                WHERE chat_id = :id AND compressed AND role = 'assistant' AND seq > coalesce(
                  (SELECT seq FROM messages WHERE chat_id = :id AND role = 'user'
                   ORDER BY seq DESC LIMIT 1), 0)
                """)
            .bind("id", id.value())
            .mapTo(Integer.class)
            .one());
  }

  /// The calls of a chat that wait for the user's decision.
  public List<PendingApproval> approvals(Chat chat) {
    return database.with(handle -> LockedApprovalsStore.pending(handle, chat));
  }

  public List<QueuedMessage> queue(ChatId id) {
    return database.with(handle -> queue(handle, id));
  }

  static List<QueuedMessage> queue(Handle handle, ChatId id) {
    return handle
        .createQuery("SELECT * FROM queued_messages WHERE chat_id = :id ORDER BY position")
        .bind("id", id.value())
        .map((row, context) -> queued(row))
        .list();
  }

  /// What changed in a chat after `version`, as one state of the database; empty when the chat is
  /// gone.
  ///
  /// @param messagesMax more changed messages than this are cut off: the reader starts anew
  public Optional<Changes> changes(ChatId id, long version, int messagesMax) {
    return database.inTransaction(handle -> {
      handle.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
      Optional<Chat> chat = find(handle, id);
      if (chat.isEmpty()) {
        return Optional.empty();
      }
      if (chat.get().version() <= version) {
        return Optional.of(
            new Changes(chat.get(), List.of(), List.of(), List.of(), Waiting.NOTHING, false));
      }
      List<ChatMessage> messages =
          handle
              .createQuery(
                  """
                  SELECT * FROM messages WHERE chat_id = :id AND version > :version
                  ORDER BY seq LIMIT :limit
                  """)
              .bind("id", id.value())
              .bind("version", version)
              .bind("limit", messagesMax + 1)
              .map((row, context) -> message(row))
              .list();
      List<MessageId> removed =
          handle
              .createQuery(
                  """
                  SELECT message_id FROM removed_messages
                  WHERE chat_id = :id AND version > :version
                  """)
              .bind("id", id.value())
              .bind("version", version)
              .map((row, context) -> new MessageId(row.getObject(1, UUID.class)))
              .list();
      boolean cut = messages.size() > messagesMax;
      return Optional.of(
          new Changes(
              chat.get(),
              messages,
              removed,
              queue(handle, id),
              PlaceStore.waiting(handle, chat.get()),
              cut));
    });
  }

  /// All that a reader starts from, as one state of the database.
  public Optional<State> state(ChatId id, int newest) {
    return database.inTransaction(handle -> {
      handle.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
      return find(handle, id)
          .map(chat ->
              new State(
                  chat,
                  messages(handle, id, new Range.Newest(), newest),
                  queue(handle, id),
                  PlaceStore.waiting(handle, chat)));
    });
  }

  /// Chats that changed in the last seconds: the poll under the notifications.
  public List<ChangedChat> changedWithin(int seconds) {
    return database.with(handle ->
        handle
            .createQuery(
                """
                SELECT id, owner_id, version FROM chats
                WHERE updated_at > now() - make_interval(secs => :seconds)
                """)
            .bind("seconds", seconds)
            .map((row, context) ->
                new ChangedChat(
                    new ChatId(row.getObject("id", UUID.class)),
                    new UserId(row.getObject("owner_id", UUID.class)),
                    row.getLong("version")))
            .list());
  }

  /// The chats that a replica owns, as the database has it.
  public List<Owned> owned(ReplicaId replica) {
    return database.with(handle ->
        handle
            .createQuery("SELECT id, lease, status FROM chats WHERE worker_id = :replica")
            .bind("replica", replica.value())
            .map((row, context) ->
                new Owned(
                    new ChatId(row.getObject("id", UUID.class)), row.getLong("lease"), status(row)))
            .list());
  }

  /// Chats whose owner is no replica any more.
  public List<Orphan> orphans() {
    return database.with(handle ->
        handle
            .createQuery(
                """
                SELECT id, worker_id FROM chats
                WHERE worker_id IS NOT NULL AND worker_id NOT IN (SELECT id FROM replicas)
                """)
            .map((row, context) ->
                new Orphan(
                    new ChatId(row.getObject("id", UUID.class)),
                    new ReplicaId(row.getObject("worker_id", UUID.class))))
            .list());
  }

  /// In whose name a chat's tools run.
  public Optional<Person> person(UserId id) {
    return database.with(handle ->
        handle
            .createQuery("SELECT username, email FROM users WHERE id = :id")
            .bind("id", id.value())
            .map((row, context) -> new Person(row.getString("username"), row.getString("email")))
            .findOne());
  }

  static ChatStatus status(ResultSet row) throws SQLException {
    return ChatStatus.valueOf(row.getString("status").toUpperCase(java.util.Locale.ROOT));
  }

  static Chat chat(ResultSet row) throws SQLException {
    return new Chat(
        new ChatId(row.getObject("id", UUID.class)),
        new UserId(row.getObject("owner_id", UUID.class)),
        row.getString("owner_username"),
        Optional.ofNullable(row.getObject("parent_id", UUID.class)).map(ChatId::new),
        row.getString("title"),
        Chat.TitleSource.valueOf(row.getString("title_source").toUpperCase(java.util.Locale.ROOT)),
        status(row),
        row.getBoolean("archived"),
        row.getBoolean("pinned"),
        Json.STRICT.readValue(row.getString("labels"), new TypeReference<Map<String, String>>() {}),
        Optional.ofNullable(row.getObject("model_id", UUID.class)).map(ModelId::new),
        Optional.ofNullable(row.getObject("workspace_id", UUID.class)).map(WorkspaceId::new),
        Optional.ofNullable(row.getString("last_error")),
        row.getLong("version"),
        row.getLong("lease"),
        Optional.ofNullable(row.getObject("worker_id", UUID.class)).map(ReplicaId::new),
        usage(row, ""),
        usage(row, "children_"),
        new Chat.Context(row.getLong("context_used_tokens"), row.getLong("limit_tokens")),
        row.getBoolean("compaction_requested"),
        new Budget(
            Optional.ofNullable(row.getObject("budget_tokens", Long.class)),
            Optional.ofNullable(row.getBigDecimal("budget_usd"))),
        row.getLong("instructions"),
        new Chat.Approvals(
            ApprovalRules.read(row.getString("approval_rules")),
            LockedApprovalsStore.readGrants(row.getString("approval_grants")),
            List.of((UUID[]) row.getArray("asked_calls").getArray())),
        row.getBoolean("resting"),
        instant(row, "status_since"),
        instant(row, "created_at"),
        instant(row, "updated_at"));
  }

  private static ChatMessage.MessageUsage usage(ResultSet row, String prefix) throws SQLException {
    return new ChatMessage.MessageUsage(
        row.getLong(prefix + "input_tokens"),
        row.getLong(prefix + "output_tokens"),
        row.getLong(prefix + "cache_read_tokens"),
        row.getLong(prefix + "cache_write_tokens"),
        row.getLong(prefix + "reasoning_tokens"),
        Optional.ofNullable(row.getBigDecimal(prefix + "cost_usd"))
            .map(BigDecimal::stripTrailingZeros));
  }

  static ChatMessage message(ResultSet row) throws SQLException {
    return new ChatMessage(
        new MessageId(row.getObject("id", UUID.class)),
        row.getLong("seq"),
        row.getLong("inserted_version"),
        row.getLong("version"),
        ChatMessage.Role.valueOf(row.getString("role").toUpperCase(java.util.Locale.ROOT)),
        PartJson.read(row.getString("parts")),
        Optional.ofNullable(row.getString("finish"))
            .map(finish -> Finish.valueOf(finish.toUpperCase(java.util.Locale.ROOT))),
        row.getBoolean("compressed"),
        Optional.ofNullable(row.getObject("model_id", UUID.class)).map(ModelId::new),
        Optional.ofNullable(row.getString("usage"))
            .map(usage -> Json.STRICT.readValue(usage, ChatMessage.MessageUsage.class)),
        instant(row, "created_at"));
  }

  static QueuedMessage queued(ResultSet row) throws SQLException {
    return new QueuedMessage(
        new QueuedId(row.getObject("id", UUID.class)),
        PartJson.read(row.getString("parts")),
        Optional.ofNullable(row.getObject("model_id", UUID.class)).map(ModelId::new),
        instant(row, "created_at"));
  }

  static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  /// Which messages of a history.
  public sealed interface Range {
    record Newest() implements Range {}

    record Before(long seq) implements Range {}

    record After(long seq) implements Range {}
  }

  /// @param messages inserted or rewritten, in order
  /// @param cut there are more of them than were asked for
  public record Changes(
      Chat chat,
      List<ChatMessage> messages,
      List<MessageId> removed,
      List<QueuedMessage> queue,
      Waiting waiting,
      boolean cut) {}

  public record State(
      Chat chat, List<ChatMessage> messages, List<QueuedMessage> queue, Waiting waiting) {}

  public record ChangedChat(ChatId id, UserId owner, long version) {}

  public record Orphan(ChatId id, ReplicaId worker) {}

  public record Person(String username, String email) {}

  public record Owned(ChatId id, long lease, ChatStatus status) {}
}
