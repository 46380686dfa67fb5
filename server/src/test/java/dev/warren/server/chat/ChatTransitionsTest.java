package dev.warren.server.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.warren.protocol.Json;
import dev.warren.protocol.UuidV7;
import dev.warren.server.access.UserId;
import dev.warren.server.approval.Decision;
import dev.warren.server.db.PostgresForTests;
import dev.warren.server.http.Change;
import dev.warren.server.replica.ReplicaId;
import dev.warren.server.workspace.WorkspaceId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

final class ChatTransitionsTest {
  @RegisterExtension static final PostgresForTests postgres = new PostgresForTests();

  /// A claim looks for its chats; sending chooses its transition by the state.
  private static final Set<Transition> TESTED_ON_THEIR_OWN =
      EnumSet.of(
          Transition.CLAIM, Transition.SEND, Transition.QUEUE, Transition.SEND_AND_INTERRUPT);

  private static final Set<Transition> STARTS_WORK =
      EnumSet.of(Transition.EDIT, Transition.PROMOTE_QUEUED, Transition.COMPACT);

  private final ReplicaId replica = new ReplicaId(UuidV7.next());
  private final List<ChatSignals.Signal> signals = new ArrayList<>();
  private UserId owner;
  private UserTransitions user;
  private WorkerTransitions worker;
  private ApprovalTransitions approvals;
  private ContextTransitions context;
  private SubAgentTransitions subAgents;
  private ChatStore store;

  @BeforeEach
  void makeAUser() {
    owner = user();
    ChatSignals hub = new ChatSignals();
    hub.add((signal, here) -> signals.add(signal));
    ChatTransitions transitions = new ChatTransitions(postgres.database(), hub);
    user = transitions.user();
    worker = transitions.worker();
    approvals = transitions.approvals();
    context = transitions.context();
    subAgents = transitions.subAgents();
    store = new ChatStore(postgres.database());
  }

  static Stream<Arguments> everyPair() {
    return Arrays.stream(ChatStatus.values())
        .flatMap(status ->
            Arrays.stream(Transition.values())
                .filter(transition -> !TESTED_ON_THEIR_OWN.contains(transition))
                .map(transition -> Arguments.of(status, transition)));
  }

  @ParameterizedTest
  @MethodSource("everyPair")
  void aTransitionRunsFromItsStatesAndIsRefusedFromAllOthers(
      ChatStatus status, Transition transition) {
    Given chat = given(status, 1);
    if (status == ChatStatus.WAITING && !transition.name().endsWith("QUEUED")) {
      clearQueue(chat.id());
    }
    Chat before = store.find(chat.id()).orElseThrow();
    signals.clear();

    ChatException refusal = catchThrowableOfType(ChatException.class, () -> run(transition, chat));

    if (transition.allowedFrom(status)) {
      assertThat(refusal).isNull();
      assertThat(signals).filteredOn(it -> it.chat().equals(chat.id())).hasSize(1);
      store.find(chat.id()).ifPresent(this::assertLegal);
      if (transition != Transition.DELETE) {
        assertThat(store.find(chat.id()).orElseThrow().version()).isEqualTo(before.version() + 1);
      }
      return;
    }
    boolean workers = before.workerId().isEmpty() && needsOwner(transition);
    assertThat(refusal.kind())
        .isEqualTo(
            workers && transition != Transition.ORPHAN
                ? ChatException.Kind.LEASE_LOST
                : ChatException.Kind.WRONG_STATE);
    assertThat(store.find(chat.id())).contains(before);
    assertThat(signals).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("everyPair")
  void anArchivedChatTakesNothingFromAUserAndStillFinishesItsWork(
      ChatStatus status, Transition transition) {
    Given chat = given(status, 1);
    archived(chat.id());
    Chat before = store.find(chat.id()).orElseThrow();
    signals.clear();

    ChatException refusal = catchThrowableOfType(ChatException.class, () -> run(transition, chat));

    Optional<Chat> after = store.find(chat.id());
    if (refusal != null) {
      assertThat(after).contains(before);
      assertThat(signals).isEmpty();
    }
    if (STARTS_WORK.contains(transition)) {
      assertThat(refusal).as("%s of an archived chat", transition).isNotNull();
      return;
    }
    assertThat(refusal == null).isEqualTo(transition.allowedFrom(status));
    after.ifPresent(now -> assertThat(now.archived()).isTrue());
  }

  @ParameterizedTest
  @EnumSource(ChatStatus.class)
  void anArchivedChatTakesNoMessageInAnyStatus(ChatStatus status) {
    Given chat = given(status, 0);
    archived(chat.id());
    Chat before = store.find(chat.id()).orElseThrow();
    for (boolean interrupt : List.of(false, true)) {
      assertThatThrownBy(() -> user.send(chat.id(), text("more"), interrupt))
          .isInstanceOf(ChatException.class)
          .hasMessageContaining("archived");
    }
    assertThat(store.find(chat.id())).contains(before);
    assertThat(store.queue(chat.id())).isEmpty();
  }

  private static void archived(ChatId id) {
    PostgresForTests.makeUp(
        postgres.database(),
        handle -> handle.execute("UPDATE chats SET archived = true WHERE id = ?", id.value()));
  }

  private static boolean needsOwner(Transition transition) {
    return switch (transition) {
      case COMMIT_STEP,
          COMMIT_RESULTS,
          COMMIT_SUMMARY,
          BIND_WORKSPACE,
          TELL_INSTRUCTIONS,
          ASK,
          PARK,
          REST,
          SPAWN,
          TELL_CHILD,
          CLOSE_CHILD,
          FINISH_TURN,
          FINISH_INTERRUPTION,
          FAIL,
          RELEASE,
          ORPHAN ->
          true;
      case SEND,
          QUEUE,
          SEND_AND_INTERRUPT,
          EDIT,
          DELETE_QUEUED,
          MOVE_QUEUED,
          PROMOTE_QUEUED,
          INTERRUPT,
          CLEAR,
          COMPACT,
          PATCH,
          DELETE,
          CLAIM,
          DECIDE,
          NAME ->
          false;
    };
  }

  private void run(Transition transition, Given chat) {
    ChatId id = chat.id();
    Lease lease = new Lease(id, 7, replica);
    switch (transition) {
      case REST -> worker.rest(lease, true);
      case ASK -> approvals.ask(lease, List.of(ask(chat)));
      case PARK -> approvals.park(lease, List.of(ask(chat)));
      case DECIDE ->
          approvals.decide(id, chat.call().id(), Decision.ALLOW, false, Optional.empty());
      case EDIT -> user.edit(id, chat.first(), text("else").parts());
      case DELETE_QUEUED -> user.deleteQueued(id, chat.queued());
      case MOVE_QUEUED -> user.moveQueued(id, chat.queued(), 1);
      case PROMOTE_QUEUED -> user.promoteQueued(id, chat.queued());
      case INTERRUPT -> user.interrupt(id);
      case CLEAR -> context.clear(id);
      case COMPACT -> context.requestCompaction(id);
      case PATCH -> user.patch(id, patch(Optional.of("t"), Optional.empty()));
      case DELETE -> user.delete(id);
      case CLAIM, SEND, QUEUE, SEND_AND_INTERRUPT -> throw new AssertionError("tested on its own");
      case COMMIT_STEP -> worker.commitStep(lease, assistant(List.of()), new Chat.Context(1, 2));
      case COMMIT_RESULTS -> worker.commitResults(lease, MessageDraft.results(List.of()), 1);
      case COMMIT_SUMMARY -> context.commitSummary(lease, summary(), new Chat.Context(1, 2));
      case BIND_WORKSPACE -> worker.bindWorkspace(lease, new WorkspaceId(UUID.randomUUID()));
      case TELL_INSTRUCTIONS -> worker.tellInstructions(lease, instructions());
      case SPAWN -> subAgents.spawn(asking(id), SubAgentTransitionsTest.wanted("task"));
      case TELL_CHILD -> subAgents.tell(asking(id), child(id), "more", false);
      case CLOSE_CHILD -> subAgents.close(asking(id), child(id));
      case FINISH_TURN -> worker.finishTurn(lease);
      case FINISH_INTERRUPTION -> worker.finishInterruption(lease, Optional.empty(), List.of());
      case FAIL -> worker.fail(lease, "no");
      case RELEASE -> worker.release(lease);
      case ORPHAN -> worker.orphan(id, replica);
      case NAME -> worker.name(id, "named");
    }
  }

  private static Instructions instructions() {
    return new Instructions(
        UuidV7.next(),
        1,
        new WorkspaceId(UUID.randomUUID()),
        List.of(),
        List.of(),
        Optional.empty(),
        "");
  }

  private static SubAgentTransitions.Asking asking(ChatId id) {
    return new SubAgentTransitions.Asking(id, 7, UuidV7.next());
  }

  private ChatId child(ChatId parent) {
    ChatId id = new ChatId(UuidV7.next());
    postgres
        .database()
        .use(handle ->
            handle.execute(
                """
                INSERT INTO chats (id, owner_id, parent_id, parent_call_id, title, title_source, status)
                VALUES (?, ?, ?, ?, 'child', 'prompt', 'pending')
                """,
                id.value(),
                owner.value(),
                parent.value(),
                UuidV7.next()));
    return id;
  }

  private void clearQueue(ChatId id) {
    PostgresForTests.makeUp(
        postgres.database(),
        handle -> handle.execute("DELETE FROM queued_messages WHERE chat_id = ?", id.value()));
  }

  @ParameterizedTest
  @CsvSource({
    "PENDING, false, queued, PENDING",
    "RUNNING, false, queued, RUNNING",
    "INTERRUPTING, false, queued, INTERRUPTING",
    "REQUIRES_ACTION, false, queued, REQUIRES_ACTION",
    "WAITING, false, message, PENDING",
    "ERROR, false, message, PENDING",
    "PENDING, true, message, PENDING",
    "RUNNING, true, queued, INTERRUPTING",
    "INTERRUPTING, true, queued, INTERRUPTING",
    "REQUIRES_ACTION, true, message, PENDING",
    "WAITING, true, message, PENDING",
    "ERROR, true, message, PENDING",
  })
  void aMessageGoesWhereTheStateSays(
      ChatStatus status, boolean interrupt, String where, ChatStatus after) {
    Given chat = given(status, 0);
    UserTransitions.Sent sent = user.send(chat.id(), text("more"), interrupt);
    assertThat(sent.message().isPresent()).isEqualTo(where.equals("message"));
    assertThat(sent.queued().isPresent()).isEqualTo(where.equals("queued"));
    Chat now = store.find(chat.id()).orElseThrow();
    assertThat(now.status()).isEqualTo(after);
    assertLegal(now);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aMessageThatComesASecondTimeIsTakenOnce(boolean meanwhileInTheHistory) {
    Given chat = given(ChatStatus.RUNNING, 0);
    MessageDraft more = text("more");
    user.send(chat.id(), more, false);
    if (meanwhileInTheHistory) {
      worker.finishTurn(new Lease(chat.id(), 7, replica));
    }
    UserTransitions.Sent again = user.send(chat.id(), more, true);
    assertThat(again.message().isPresent()).isEqualTo(meanwhileInTheHistory);
    assertThat(again.queued().isPresent()).isEqualTo(!meanwhileInTheHistory);
    assertThat(store.queue(chat.id())).hasSize(meanwhileInTheHistory ? 0 : 1);
    assertThat(store.find(chat.id()).orElseThrow().status())
        .isEqualTo(meanwhileInTheHistory ? ChatStatus.PENDING : ChatStatus.RUNNING);
  }

  @Test
  void whatAClaimTakesIsPendingNoMore() {
    Given chat = given(ChatStatus.PENDING, 0);
    List<Chat> claimed = worker.claim(replica, 1_000, 1_000);
    assertThat(claimed).extracting(Chat::id).contains(chat.id());
    Chat mine = claimed.stream().filter(c -> c.id().equals(chat.id())).findFirst().orElseThrow();
    assertThat(mine.status()).isEqualTo(ChatStatus.RUNNING);
    assertThat(mine.workerId()).contains(replica);
    assertThat(mine.lease()).isEqualTo(8);
    assertThat(worker.claim(replica, 1_000, 1_000)).isEmpty();
  }

  @Test
  void claimsGoRoundByOwner() {
    worker.claim(replica, 1_000, 1_000);
    for (int i = 0; i < 20; i++) {
      given(ChatStatus.PENDING, 0);
    }
    UserId many = owner;
    owner = user();
    given(ChatStatus.PENDING, 0);
    assertThat(worker.claim(replica, 2, 1_000))
        .extracting(Chat::ownerId)
        .containsExactlyInAnyOrder(many, owner);
    assertThat(worker.claim(replica, 100, 5)).hasSize(4);
  }

  @Test
  void theEndOfATurnTakesTheQueuesHead() {
    Given chat = given(ChatStatus.RUNNING, 2);
    worker.finishTurn(new Lease(chat.id(), 7, replica));
    assertThat(store.find(chat.id()).orElseThrow().status()).isEqualTo(ChatStatus.PENDING);
    assertThat(store.queue(chat.id())).hasSize(1);
    assertThat(texts(chat.id())).containsExactly("first", "queued 0");
  }

  @Test
  void aQueuedMessageGoesWhereItIsMoved() {
    Given chat = given(ChatStatus.RUNNING, 3);

    assertThat(texts(user.moveQueued(chat.id(), chat.queued(), 1)))
        .containsExactly("queued 2", "queued 0", "queued 1");
    assertThat(texts(user.moveQueued(chat.id(), chat.queued(), 2)))
        .containsExactly("queued 0", "queued 2", "queued 1");
    assertThat(texts(user.moveQueued(chat.id(), chat.queued(), 9)))
        .containsExactly("queued 0", "queued 1", "queued 2");
    assertThat(store.queue(chat.id()))
        .last()
        .extracting(QueuedMessage::id)
        .isEqualTo(chat.queued());
  }

  @Test
  void aMessageAfterAnErrorGoesBehindTheQueueAndTakesItsHead() {
    Given chat = given(ChatStatus.ERROR, 1);
    assertThat(user.send(chat.id(), text("mine"), false).queued()).isPresent();
    assertThat(texts(chat.id())).containsExactly("first", "queued 0");
    assertThat(store.queue(chat.id())).hasSize(1);
  }

  @Test
  void anInterruptionAnswersEveryOpenCallAndKeepsThePartialAnswer() {
    Given chat = given(ChatStatus.RUNNING, 0);
    Lease lease = new Lease(chat.id(), 7, replica);
    StoredPart.ToolCall call = call();
    worker.commitStep(lease, assistant(List.of(call)), new Chat.Context(1, 2));
    new LedgerStore(postgres.database()).start(chat.id(), 7, call.id());
    assertThat(user.interrupt(chat.id())).isEqualTo(ChatStatus.INTERRUPTING);
    worker.finishInterruption(lease, Optional.empty(), List.of());
    List<ChatMessage> messages = store.history(chat.id());
    assertThat(messages).extracting(ChatMessage::role).last().isEqualTo(ChatMessage.Role.TOOL);
    assertThat(messages.getLast().parts()).isEqualTo(List.of(Turns.interrupted(call)));
    assertThat(new LedgerStore(postgres.database()).calls(chat.id(), List.of(call.id())))
        .singleElement()
        .matches(LedgerStore.Call::cancelRequested);
  }

  @Test
  void aCancelledCallNeverStarts() {
    Given chat = given(ChatStatus.RUNNING, 0);
    Lease lease = new Lease(chat.id(), 7, replica);
    StoredPart.ToolCall call = call();
    worker.commitStep(lease, assistant(List.of(call)), new Chat.Context(1, 2));
    LedgerStore ledger = new LedgerStore(postgres.database());
    assertThat(ledger.start(chat.id(), 6, call.id())).as("an older lease").isFalse();
    assertThat(ledger.start(chat.id(), 7, call.id())).isTrue();
    user.edit(chat.id(), chat.first(), text("else").parts());
    assertThat(ledger.start(chat.id(), 7, call.id())).isFalse();
    assertThat(ledger.takeCancellations()).extracting(LedgerStore.Call::id).contains(call.id());
    assertThat(ledger.takeCancellations()).isEmpty();
  }

  @Test
  void aResultStandsAndIsTakenFromTheOwnerOnly() {
    Given chat = given(ChatStatus.RUNNING, 0);
    Lease lease = new Lease(chat.id(), 7, replica);
    StoredPart.ToolCall call = call();
    worker.commitStep(lease, assistant(List.of(call)), new Chat.Context(1, 2));
    LedgerStore ledger = new LedgerStore(postgres.database());
    ledger.start(chat.id(), 7, call.id());
    StoredPart.ToolResult done = StoredPart.ToolResult.of(call, output("done"), false, 5);
    StoredPart.ToolResult other = StoredPart.ToolResult.of(call, output("interrupted"), true, 5);

    assertThat(ledger.finish(chat.id(), 6, done, false)).as("a former owner").isFalse();
    assertThat(ledger.finish(chat.id(), 7, done, false)).isTrue();
    assertThat(ledger.finish(chat.id(), 7, done, false)).as("the same again").isTrue();
    assertThat(ledger.finish(chat.id(), 7, other, false)).as("another").isFalse();
    assertThat(ledger.calls(chat.id(), List.of(call.id())))
        .singleElement()
        .matches(row -> row.outcome().orElseThrow().output().equals(done.output()));
  }

  private static ObjectNode output(String text) {
    return Json.STRICT.createObjectNode().put("output", text);
  }

  @Test
  void anEditLeavesTombstonesAndFencesTheOwner() {
    Given chat = given(ChatStatus.RUNNING, 2);
    Lease lease = new Lease(chat.id(), 7, replica);
    ChatMessage step =
        worker.commitStep(lease, assistant(List.of()), new Chat.Context(1, 2)).message();
    long version = store.find(chat.id()).orElseThrow().version();
    user.edit(chat.id(), chat.first(), text("else").parts());
    assertThat(texts(chat.id())).containsExactly("else");
    assertThat(store.queue(chat.id())).isEmpty();
    ChatStore.Changes changes = store.changes(chat.id(), version, 10).orElseThrow();
    assertThat(changes.removed()).containsExactly(step.id());
    assertThatThrownBy(() -> worker.finishTurn(lease))
        .isInstanceOfSatisfying(
            ChatException.class,
            e -> assertThat(e.kind()).isEqualTo(ChatException.Kind.LEASE_LOST));
  }

  @Test
  void archivingStopsTheWorkAndDropsTheQueue() {
    Given chat = given(ChatStatus.RUNNING, 2);
    user.patch(chat.id(), patch(Optional.empty(), Optional.of(true)));
    Chat now = store.find(chat.id()).orElseThrow();
    assertThat(now.status()).isEqualTo(ChatStatus.INTERRUPTING);
    worker.finishInterruption(new Lease(chat.id(), 7, replica), Optional.empty(), List.of());
    assertThat(store.find(chat.id()).orElseThrow().status()).isEqualTo(ChatStatus.WAITING);
    assertThatThrownBy(() -> user.send(chat.id(), text("x"), false))
        .hasMessageContaining("archived");
  }

  private void assertLegal(Chat chat) {
    assertThat(chat.workerId().isPresent()).isEqualTo(chat.status().owned());
    assertThat(chat.lastError().isPresent()).isEqualTo(chat.status() == ChatStatus.ERROR);
    if (chat.status() == ChatStatus.WAITING) {
      assertThat(store.queue(chat.id())).isEmpty();
    }
  }

  private record Given(ChatId id, MessageId first, QueuedId queued, StoredPart.ToolCall call) {}

  private static Ask ask(Given chat) {
    return new Ask(chat.call().id(), "because", List.of());
  }

  /// A chat in a state that no transition needs to have led to.
  private Given given(ChatStatus status, int queued) {
    ChatId id = new ChatId(UuidV7.next());
    MessageDraft first = text("first");
    user.create(
        new NewChat(
            id,
            owner,
            "a title",
            Chat.TitleSource.PROMPT,
            Map.of("k", "v"),
            Optional.empty(),
            Optional.empty(),
            0,
            Budget.NONE),
        first);
    StoredPart.ToolCall call = call();
    postgres
        .database()
        .use(handle ->
            LedgerStore.reserve(handle, id, owner, new MessageId(UuidV7.next()), List.of(call)));
    QueuedId last = new QueuedId(UuidV7.next());
    // Waiting with a queue does not exist.
    for (int i = 0; i < (status == ChatStatus.WAITING ? 0 : queued); i++) {
      last = user.send(id, text("queued " + i), false).queued().orElseThrow().id();
    }
    PostgresForTests.makeUp(
        postgres.database(),
        handle ->
            handle
                .createUpdate(
                    """
                    UPDATE chats SET status = :status, lease = 7, last_error = :error,
                      worker_id = :worker, asked_calls = ARRAY[:asked] WHERE id = :id
                    """)
                .bind("asked", call.id())
                .bind("status", status.toString())
                .bind("error", status == ChatStatus.ERROR ? "broke" : null)
                .bind("worker", status.owned() ? replica.value() : null)
                .bind("id", id.value())
                .execute());
    if (status == ChatStatus.WAITING && queued > 0) {
      // So that deleting and promoting find something to refuse for.
      UUID stray = last.value();
      PostgresForTests.makeUp(
          postgres.database(),
          handle ->
              handle.execute(
                  "INSERT INTO queued_messages (id, chat_id, position, parts)"
                      + " VALUES (?, ?, 1, '[]')",
                  stray,
                  id.value()));
    }
    return new Given(id, first.id(), last, call);
  }

  private UserId user() {
    UserId id = new UserId(UuidV7.next());
    postgres
        .database()
        .use(handle ->
            handle.execute(
                "INSERT INTO users (id, email, username, role) VALUES (?, ?, ?, 'member')",
                id.value(),
                id + "@example.org",
                "u" + id));
    return id;
  }

  private List<String> texts(ChatId id) {
    return texts(store.history(id).stream().flatMap(message -> message.parts().stream()));
  }

  private static List<String> texts(List<QueuedMessage> queue) {
    return texts(queue.stream().flatMap(queued -> queued.parts().stream()));
  }

  private static List<String> texts(Stream<StoredPart> parts) {
    return parts
        .filter(StoredPart.Text.class::isInstance)
        .map(part -> ((StoredPart.Text) part).text())
        .toList();
  }

  private static ChatPatch patch(Optional<String> title, Optional<Boolean> archived) {
    return new ChatPatch(
        title.map(Change::set).orElseGet(Change::keep),
        Optional.empty(),
        Optional.empty(),
        archived,
        Change.keep(),
        Change.keep(),
        Optional.empty(),
        Optional.empty());
  }

  private static MessageDraft text(String text) {
    return MessageDraft.user(List.of(StoredPart.Text.of(text)), Optional.empty());
  }

  private static StoredPart.ToolCall call() {
    return new StoredPart.ToolCall(
        UuidV7.next(),
        "execute",
        Json.STRICT.createObjectNode().put("command", "true"),
        "{\"command\":\"true\"}",
        false,
        Optional.empty());
  }

  private static MessageDraft summary() {
    return MessageDraft.summary(
        List.of(StoredPart.Text.of("what was said")), false, Optional.empty(), Optional.empty());
  }

  private static MessageDraft assistant(List<StoredPart> parts) {
    return new MessageDraft(
        new MessageId(UuidV7.next()),
        ChatMessage.Role.ASSISTANT,
        parts,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
