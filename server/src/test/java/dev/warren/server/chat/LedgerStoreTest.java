package dev.warren.server.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.protocol.Json;
import dev.warren.protocol.UuidV7;
import dev.warren.server.access.UserId;
import dev.warren.server.chat.LedgerStore.Reservation;
import dev.warren.server.db.PostgresForTests;
import dev.warren.server.replica.ReplicaId;
import dev.warren.server.workspace.WorkspaceId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.node.ObjectNode;

final class LedgerStoreTest {
  @RegisterExtension static final PostgresForTests postgres = new PostgresForTests();

  private final WorkspaceId workspace = new WorkspaceId(UuidV7.next());
  private final UUID call = UuidV7.next();
  private LedgerStore ledger;
  private ChatTransitions transitions;

  /// A running chat with one reserved call.
  private Lease lease;

  @BeforeEach
  void makeARunningChatWithACall() {
    UserId owner = new UserId(UuidV7.next());
    postgres
        .database()
        .use(handle ->
            handle.execute(
                "INSERT INTO users (id, email, username, role) VALUES (?, ?, ?, 'member')",
                owner.value(),
                owner + "@example.org",
                "u" + owner));
    transitions = new ChatTransitions(postgres.database(), new ChatSignals());
    ledger = new LedgerStore(postgres.database());
    ChatId id = new ChatId(UuidV7.next());
    transitions
        .user()
        .create(
            new NewChat(
                id,
                owner,
                "a title",
                Chat.TitleSource.USER,
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                0,
                Budget.NONE),
            MessageDraft.user(List.of(StoredPart.Text.of("go")), Optional.empty()));
    lease = claim(id);
    transitions
        .worker()
        .commitStep(
            lease,
            new MessageDraft(
                new MessageId(UuidV7.next()),
                ChatMessage.Role.ASSISTANT,
                List.of(
                    new StoredPart.ToolCall(
                        call,
                        "execute",
                        Json.STRICT.createObjectNode(),
                        "{}",
                        false,
                        Optional.empty())),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()),
            new Chat.Context(1, 2));
  }

  private Lease claim(ChatId id) {
    ReplicaId replica = new ReplicaId(UuidV7.next());
    Chat claimed =
        transitions.worker().claim(replica, 100, 100).stream()
            .filter(chat -> chat.id().equals(id))
            .findFirst()
            .orElseThrow();
    return new Lease(id, claimed.lease(), replica);
  }

  private Reservation reserve(Lease by, WorkspaceId where, String store) {
    return ledger.reserveStore(by.chat(), by.number(), call, where, store);
  }

  @Test
  void theStoreOfACallIsTheFirstThatItsOwnerReserved() {
    assertThat(ledger.reservedStore(lease.chat(), call)).isEmpty();
    assertThat(reserve(lease, workspace, "first")).isEqualTo(Reservation.SAME);
    assertThat(reserve(lease, workspace, "first")).isEqualTo(Reservation.SAME);
    assertThat(reserve(lease, workspace, "second")).isEqualTo(Reservation.ANOTHER_STORE);
    assertThat(reserve(lease, new WorkspaceId(UuidV7.next()), "first"))
        .isEqualTo(Reservation.ANOTHER_STORE);
    assertThat(ledger.reservedStore(lease.chat(), call)).contains("first");
  }

  @Test
  void theNextOwnerFindsTheStoreAndTheFormerOneReservesNothing() {
    assertThat(ledger.start(lease.chat(), lease.number(), call)).isTrue();
    assertThat(reserve(lease, workspace, "first")).isEqualTo(Reservation.SAME);
    transitions.worker().orphan(lease.chat(), lease.owner());
    Lease next = claim(lease.chat());

    assertThat(reserve(lease, workspace, "first")).isEqualTo(Reservation.REFUSED);
    assertThat(ledger.start(lease.chat(), lease.number(), call)).isFalse();
    assertThat(ledger.finish(lease.chat(), lease.number(), result("late"), false)).isFalse();
    assertThat(reserve(next, workspace, "first")).isEqualTo(Reservation.SAME);
    assertThat(ledger.finish(next.chat(), next.number(), result("known"), false)).isTrue();
    assertThat(ledger.calls(next.chat(), List.of(call)))
        .singleElement()
        .satisfies(row -> assertThat(row.outcome()).contains(result("known")));
  }

  @Test
  void theEndOfACallInADeletedWorkspaceIsNotTriedAgain() {
    startAndInterrupt();
    assertThat(ledger.takeCancellations()).extracting(LedgerStore.Call::id).contains(call);
    assertThat(isStillToBeEnded()).isTrue();

    PostgresForTests.makeUp(
        postgres.database(), handle -> makeDeletedWorkspace(handle, lease.chat()));

    assertThat(isStillToBeEnded()).isFalse();
    assertThat(ledger.calls(lease.chat(), List.of(call)))
        .singleElement()
        .extracting(LedgerStore.Call::state)
        .isEqualTo(LedgerStore.State.UNKNOWN);
  }

  @Test
  void theEndOfACallThatNoDaemonRemembersIsNotTriedAgain() {
    startAndInterrupt();
    postgres
        .database()
        .use(handle ->
            handle.execute(
                "UPDATE tool_calls SET created_at = now() - interval '6 days' WHERE id = ?", call));
    assertThat(isStillToBeEnded()).isTrue();
    postgres
        .database()
        .use(handle ->
            handle.execute(
                "UPDATE tool_calls SET created_at = now() - interval '8 days' WHERE id = ?", call));
    assertThat(isStillToBeEnded()).isFalse();
  }

  private void startAndInterrupt() {
    assertThat(ledger.start(lease.chat(), lease.number(), call)).isTrue();
    assertThat(reserve(lease, workspace, "first")).isEqualTo(Reservation.SAME);
    postgres.database().use(handle -> LedgerStore.cancelOpen(handle, lease.chat()));
  }

  /// Whether the next look takes the call, with the pause since the last one over.
  private boolean isStillToBeEnded() {
    postgres
        .database()
        .use(handle ->
            handle.execute("UPDATE tool_calls SET cancel_after = now() WHERE id = ?", call));
    return ledger.takeCancellations().stream().anyMatch(taken -> taken.id().equals(call));
  }

  private void makeDeletedWorkspace(Handle handle, ChatId chat) {
    UUID template = UuidV7.next();
    handle.execute(
        "INSERT INTO templates (id, name, display_name, description, engine, active_version_id)"
            + " VALUES (?, ?, 'T', '', 'external', ?)",
        template,
        "t" + template,
        UuidV7.next());
    handle.execute(
        "INSERT INTO workspaces (id, owner_id, name, template_id, deleted_at)"
            + " SELECT ?, owner_id, 'w', ?, now() FROM chats WHERE id = ?",
        workspace.value(),
        template,
        chat.value());
  }

  private StoredPart.ToolResult result(String text) {
    ObjectNode output = Json.STRICT.createObjectNode().put("output", text);
    return new StoredPart.ToolResult(call, "execute", output, false, 3, Optional.empty());
  }
}
