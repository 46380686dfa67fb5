package dev.warren.server.chat;

import dev.warren.protocol.Json;
import dev.warren.server.access.UserId;
import dev.warren.server.db.Database;
import dev.warren.server.workspace.WorkspaceId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.JsonNode;

/// The ledger of tool calls: what was reserved, what was started on which store, how it ended. A
/// row is written before the effect and outlives the chat. Each write of a worker is fenced by the
/// chat's lease, under the lock of the chat's row.
public final class LedgerStore {
  /// Cancellations that one look takes.
  private static final int CANCELLATIONS_MAX = 32;

  /// Days for which the end of a call is tried: as long as a daemon remembers outcomes, and refuses
  /// ids that are older.
  private static final int CANCELLATION_DAYS_MAX = 7;

  private final Database database;

  public LedgerStore(Database database) {
    this.database = database;
  }

  /// Reserves the calls of a message, in the transaction that commits the message.
  static void reserve(
      Handle handle,
      ChatId chat,
      UserId owner,
      MessageId message,
      List<StoredPart.ToolCall> calls) {
    for (StoredPart.ToolCall call : calls) {
      handle
          .createUpdate(
              """
              INSERT INTO tool_calls (id, chat_id, owner_id, message_id, name, input, input_hash,
                  state)
              VALUES (:id, :chat, :owner, :message, :name, :input::json, :hash, 'reserved')
              """)
          .bind("id", call.id())
          .bind("chat", chat.value())
          .bind("owner", owner.value())
          .bind("message", message.value())
          .bind("name", call.name())
          .bind("input", Json.STRICT.writeValueAsString(call.rawInput()))
          .bind("hash", hash(call.name() + "\n" + call.rawInput()))
          .execute();
    }
  }

  /// Asks for the end of all calls of a chat that have not ended. What was never started will not
  /// start.
  static void cancelOpen(Handle handle, ChatId chat) {
    handle
        .createUpdate(
            """
            UPDATE tool_calls
            SET cancel_requested = true, cancel_done = (state = 'reserved'), cancel_after = now()
            WHERE chat_id = :chat AND state IN ('reserved', 'started') AND NOT cancel_requested
            """)
        .bind("chat", chat.value())
        .execute();
  }

  public List<Call> calls(ChatId chat, List<UUID> ids) {
    return database.with(handle -> calls(handle, chat, ids));
  }

  static List<Call> calls(Handle handle, ChatId chat, List<UUID> ids) {
    return handle
        .createQuery("SELECT * FROM tool_calls WHERE chat_id = :chat AND id IN (<ids>)")
        .bind("chat", chat.value())
        .bindList("ids", ids)
        .map((row, context) -> call(row))
        .list();
  }

  /// Notes that the call is about to take effect.
  ///
  /// @return whether it may: false when it was cancelled or has ended, or the lease is lost
  public boolean start(ChatId chat, long lease, UUID call) {
    return database.inTransaction(handle ->
        handle
                .createUpdate(
                    """
                    WITH owned AS (
                      SELECT id FROM chats WHERE id = :chat AND lease = :lease FOR SHARE
                    )
                    UPDATE tool_calls t
                    SET state = 'started', lease = :lease,
                        started_at = coalesce(started_at, now())
                    FROM owned
                    WHERE t.id = :call AND t.chat_id = owned.id
                      AND t.state IN ('reserved', 'started') AND NOT t.cancel_requested
                    """)
                .bind("chat", chat.value())
                .bind("lease", lease)
                .bind("call", call)
                .execute()
            == 1);
  }

  /// Notes on which store the call takes effect; the first one stays.
  public Reservation reserveStore(
      ChatId chat, long lease, UUID call, WorkspaceId workspace, String storeId) {
    return database.inTransaction(handle ->
        handle
            .createQuery(
                """
                WITH owned AS (
                  SELECT id FROM chats WHERE id = :chat AND lease = :lease FOR SHARE
                )
                UPDATE tool_calls t
                SET workspace_id = coalesce(t.workspace_id, :workspace),
                    store_id = coalesce(t.store_id, :store)
                FROM owned
                WHERE t.id = :call AND t.chat_id = owned.id AND NOT t.cancel_requested
                RETURNING t.workspace_id, t.store_id
                """)
            .bind("chat", chat.value())
            .bind("lease", lease)
            .bind("call", call)
            .bind("workspace", workspace.value())
            .bind("store", storeId)
            .map((row, context) ->
                workspace.value().equals(row.getObject("workspace_id", UUID.class))
                        && storeId.equals(row.getString("store_id"))
                    ? Reservation.SAME
                    : Reservation.ANOTHER_STORE)
            .findOne()
            .orElse(Reservation.REFUSED));
  }

  /// The store on which the call takes effect, once one was noted.
  public Optional<String> reservedStore(ChatId chat, UUID call) {
    return database.with(handle ->
        handle
            .createQuery(
                """
                SELECT store_id FROM tool_calls
                WHERE id = :call AND chat_id = :chat AND store_id IS NOT NULL
                """)
            .bind("call", call)
            .bind("chat", chat.value())
            .mapTo(String.class)
            .findOne());
  }

  /// Writes a call's result, which stands from then on. Writing the same again does nothing and is
  /// true: the answer to the first time may have been lost.
  ///
  /// @return false when the call has ended in another way, or the caller no longer owns the chat
  public boolean finish(ChatId chat, long lease, StoredPart.ToolResult result, boolean unknown) {
    return database.inTransaction(handle ->
        handle
                .createUpdate(
                    """
                    WITH owned AS (
                      SELECT id FROM chats WHERE id = :chat AND lease = :lease FOR SHARE
                    )
                    UPDATE tool_calls t
                    SET state = :state, result = :result::json, is_error = :error,
                        duration_ms = :duration, done_at = now()
                    FROM owned
                    WHERE t.id = :call AND t.chat_id = owned.id
                      AND (t.state IN ('reserved', 'started') OR t.result::text = :result)
                    """)
                .bind("chat", chat.value())
                .bind("lease", lease)
                .bind("call", result.callId())
                .bind("state", unknown ? "unknown" : "done")
                .bind("result", result.output().toString())
                .bind("error", result.error())
                .bind("duration", result.durationMs())
                .execute()
            == 1);
  }

  /// Takes started calls whose result is no longer wanted and whose effect may still run; each is
  /// left alone for a while then, so that replicas do not meet and a failure is tried again later.
  public List<Call> takeCancellations() {
    return database.with(handle -> {
      endHopeless(handle);
      return handle
          .createQuery(
              """
              UPDATE tool_calls SET cancel_attempts = cancel_attempts + 1,
                  cancel_after = now() + make_interval(secs => least(600, 5 * 2 ^ cancel_attempts))
              WHERE id IN (
                SELECT id FROM tool_calls
                WHERE cancel_requested AND NOT cancel_done AND cancel_after <= now()
                ORDER BY cancel_after LIMIT :limit FOR UPDATE SKIP LOCKED
              )
              RETURNING *
              """)
          .bind("limit", CANCELLATIONS_MAX)
          .map((row, context) -> call(row))
          .list();
    });
  }

  /// Gives up where there is nothing left to end: the workspace is deleted, or the call is so old
  /// that no daemon starts it any more.
  private static void endHopeless(Handle handle) {
    handle
        .createUpdate(
            """
            UPDATE tool_calls t
            SET cancel_done = true,
                state = CASE WHEN state = 'started' THEN 'unknown' ELSE state END
            WHERE t.cancel_requested AND NOT t.cancel_done AND t.cancel_after <= now()
              AND (t.created_at < now() - make_interval(days => :days)
                OR EXISTS (SELECT 1 FROM workspaces w
                           WHERE w.id = t.workspace_id AND w.deleted_at IS NOT NULL))
            """)
        .bind("days", CANCELLATION_DAYS_MAX)
        .execute();
  }

  public void cancelDone(UUID call) {
    database.use(handle ->
        handle
            .createUpdate(
                """
                UPDATE tool_calls SET cancel_done = true,
                    state = CASE WHEN state = 'started' THEN 'unknown' ELSE state END
                WHERE id = :id
                """)
            .bind("id", call)
            .execute());
  }

  /// Whether a call of this tool, about this chat, has ended after `since`: what happened before is
  /// known to the model.
  public boolean toldSince(ChatId chat, String tool, String about, Instant since) {
    return database.with(handle ->
        handle
            .createQuery(
                """
                SELECT EXISTS (
                  SELECT 1 FROM tool_calls
                  WHERE chat_id = :chat AND name = :tool AND done_at > :since
                    AND result ->> 'chat_id' = :about)
                """)
            .bind("chat", chat.value())
            .bind("tool", tool)
            .bind("since", since)
            .bind("about", about)
            .mapTo(Boolean.class)
            .one());
  }

  static byte[] hash(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static Call call(ResultSet row) throws SQLException {
    return new Call(
        row.getObject("id", UUID.class),
        new ChatId(row.getObject("chat_id", UUID.class)),
        new UserId(row.getObject("owner_id", UUID.class)),
        row.getString("name"),
        Json.STRICT.readTree(row.getString("input")).stringValue(),
        State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
        row.getBoolean("cancel_requested"),
        Optional.ofNullable(row.getObject("workspace_id", UUID.class)).map(WorkspaceId::new),
        row.getLong("lease"),
        Optional.ofNullable(row.getString("result")).map(Json.STRICT::readTree),
        row.getBoolean("is_error"),
        row.getLong("duration_ms"),
        Optional.ofNullable(row.getString("approval"))
            .map(text -> Approval.valueOf(text.toUpperCase(Locale.ROOT))),
        Optional.ofNullable(row.getString("denied_because")));
  }

  /// How far a call is.
  public enum State {
    /// Written down; no effect yet.
    RESERVED,
    /// The effect may have begun.
    STARTED,
    DONE,
    /// Nobody can know.
    UNKNOWN;

    boolean ended() {
      return this == DONE || this == UNKNOWN;
    }
  }

  /// Whether the user allows a call about which a rule asks.
  public enum Approval {
    ASKED,
    ALLOWED,
    DENIED,
    /// The turn ended first.
    DROPPED
  }

  /// Where a call may take effect.
  public enum Reservation {
    SAME,
    /// It was started on another store before.
    ANOTHER_STORE,
    /// It was cancelled, or the chat has another owner.
    REFUSED
  }

  /// A row of the ledger.
  ///
  /// @param error and `durationMs` are meaningful with a result
  /// @param approval absent when no rule asked
  /// @param deniedBecause what the user said
  public record Call(
      UUID id,
      ChatId chat,
      UserId owner,
      String name,
      String rawInput,
      State state,
      boolean cancelRequested,
      Optional<WorkspaceId> workspaceId,
      long lease,
      Optional<JsonNode> result,
      boolean error,
      long durationMs,
      Optional<Approval> approval,
      Optional<String> deniedBecause) {

    /// The committed result, if it has ended.
    public Optional<StoredPart.ToolResult> outcome() {
      return state.ended()
          ? result.map(output ->
              new StoredPart.ToolResult(id, name, output, error, durationMs, Optional.empty()))
          : Optional.empty();
    }
  }
}
