package dev.warren.server.chat;

import dev.warren.protocol.Json;
import dev.warren.server.approval.ApprovalRules;
import dev.warren.server.approval.Decision;
import dev.warren.server.approval.Grant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import tools.jackson.core.type.TypeReference;

/// What of a chat has to do with approvals, under the lock of the chat's row.
final class LockedApprovalsStore {
  private final Handle handle;
  private final Chat before;
  private ApprovalRules rules;
  private List<Grant> granted;
  private List<UUID> asked;

  LockedApprovalsStore(Handle handle, Chat before) {
    this.handle = handle;
    this.before = before;
    this.rules = before.approvals().rules();
    this.granted = before.approvals().granted();
    this.asked = before.approvals().asked();
  }

  ApprovalRules rules() {
    return rules;
  }

  void rules(ApprovalRules value) {
    rules = value;
  }

  /// The calls that wait for the user.
  List<UUID> asked() {
    return asked;
  }

  /// Has calls wait for the user, unless they were asked for or started before.
  void ask(List<Ask> asks) {
    List<UUID> waiting = new ArrayList<>(asked);
    for (Ask ask : asks) {
      int written =
          handle
              .createUpdate(
                  """
                  UPDATE tool_calls SET approval = 'asked', asked_because = :reason,
                      approval_grants = :grants::json
                  WHERE id = :call AND chat_id = :chat AND state = 'reserved' AND approval IS NULL
                    AND NOT cancel_requested
                  """)
              .bind("call", ask.call())
              .bind("chat", before.id().value())
              .bind("reason", ask.reason())
              .bind("grants", Json.STRICT.writeValueAsString(ask.grants()))
              .execute();
      if (written == 1) {
        waiting.add(ask.call());
      }
    }
    asked = List.copyOf(waiting);
  }

  /// Writes the user's decision.
  ///
  /// @return false when the call does not wait for one
  boolean decide(UUID call, Decision decision, Optional<String> reason) {
    if (!asked.contains(call)) {
      return false;
    }
    handle
        .createUpdate(
            """
            UPDATE tool_calls SET approval = :approval, denied_because = :reason,
                decided_at = now()
            WHERE id = :call AND chat_id = :chat AND approval = 'asked'
            """)
        .bind("approval", decision == Decision.ALLOW ? "allowed" : "denied")
        .bind("reason", reason.orElse(null))
        .bind("call", call)
        .bind("chat", before.id().value())
        .execute();
    asked = asked.stream().filter(other -> !other.equals(call)).toList();
    return true;
  }

  /// What remembering the decision on a call allows; nothing when that cannot be remembered.
  List<Grant> grants(UUID call) {
    return handle
        .createQuery("SELECT approval_grants FROM tool_calls WHERE id = :call AND chat_id = :chat")
        .bind("call", call)
        .bind("chat", before.id().value())
        .map((row, context) -> readGrants(row.getString(1)))
        .one();
  }

  void grant(List<Grant> more) {
    granted = Stream.concat(granted.stream(), more.stream()).distinct().toList();
  }

  /// Whether all that a call was asked for is allowed by now.
  boolean granted(UUID call) {
    List<Grant> wanted = grants(call);
    return !wanted.isEmpty() && granted.containsAll(wanted);
  }

  int grantedCount() {
    return granted.size();
  }

  /// The turn is over: nobody waits for a decision any more.
  void drop() {
    if (asked.isEmpty()) {
      return;
    }
    handle
        .createUpdate(
            """
            UPDATE tool_calls SET approval = 'dropped'
            WHERE chat_id = :chat AND approval = 'asked' AND id = ANY(:calls)
            """)
        .bind("chat", before.id().value())
        .bindArray("calls", UUID.class, asked)
        .execute();
    asked = List.of();
  }

  /// Writes all but [#asked], which belongs to the chat's status and is written with it.
  void write() {
    if (rules.equals(before.approvals().rules()) && granted.equals(before.approvals().granted())) {
      return;
    }
    handle
        .createUpdate(
            """
            UPDATE chats SET approval_rules = :rules::json, approval_grants = :grants::json
            WHERE id = :id
            """)
        .bind("id", before.id().value())
        .bind("rules", rules.stored())
        .bind("grants", Json.STRICT.writeValueAsString(granted))
        .execute();
  }

  static List<Grant> readGrants(String json) {
    return Json.STRICT.readValue(json, new TypeReference<List<Grant>>() {});
  }

  /// The calls of a chat that wait for the user, as clients see them.
  static List<PendingApproval> pending(Handle handle, Chat chat) {
    if (chat.approvals().asked().isEmpty()) {
      return List.of();
    }
    return handle
        .createQuery(
            """
            SELECT id, name, input, asked_because FROM tool_calls
            WHERE id = ANY(:calls) ORDER BY array_position(:calls, id)
            """)
        .bindArray("calls", UUID.class, chat.approvals().asked())
        .map((row, context) ->
            new PendingApproval(
                row.getObject("id", UUID.class),
                row.getString("name"),
                Json.STRICT.readTree(Json.STRICT.readTree(row.getString("input")).stringValue()),
                row.getString("asked_because")))
        .list();
  }
}
