package dev.warren.server.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.protocol.UuidV7;
import dev.warren.server.access.UserId;
import dev.warren.server.chat.SubAgentTransitions.Asking;
import dev.warren.server.chat.SubAgentTransitions.Wanted;
import dev.warren.server.db.PostgresForTests;
import dev.warren.server.http.Change;
import dev.warren.server.replica.ReplicaId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class SubAgentTransitionsTest {
  @RegisterExtension static final PostgresForTests postgres = new PostgresForTests();

  private final List<ChatSignals.Signal> signals = new ArrayList<>();
  private final ReplicaId replica = new ReplicaId(UuidV7.next());
  private ChatTransitions transitions;
  private SubAgentTransitions agents;
  private ChatStore store;
  private UserId owner;
  private MessageId first;
  private Chat parent;

  static Wanted wanted(String prompt) {
    return new Wanted(prompt, Optional.empty(), Optional.empty(), Optional.empty(), 0);
  }

  @BeforeEach
  void makeAParentThatRuns() {
    owner = new UserId(UuidV7.next());
    postgres
        .database()
        .use(handle ->
            handle.execute(
                "INSERT INTO users (id, email, username, role) VALUES (?, ?, ?, 'member')",
                owner.value(),
                owner + "@example.org",
                "u" + owner));
    ChatSignals hub = new ChatSignals();
    hub.add((signal, here) -> signals.add(signal));
    transitions = new ChatTransitions(postgres.database(), hub);
    agents = transitions.subAgents();
    store = new ChatStore(postgres.database());
    ChatId id = new ChatId(UuidV7.next());
    MessageDraft prompt = says("first");
    first = prompt.id();
    transitions
        .user()
        .create(
            new NewChat(
                id,
                owner,
                "parent",
                Chat.TitleSource.USER,
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                0,
                Budget.NONE),
            prompt);
    parent = claim(id);
  }

  private static MessageDraft says(String text) {
    return MessageDraft.user(List.of(StoredPart.Text.of(text)), Optional.empty());
  }

  private Chat claim(ChatId id) {
    return transitions.worker().claim(replica, 1_000, 1_000).stream()
        .filter(chat -> chat.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private Asking asking() {
    return asking(UuidV7.next());
  }

  private Asking asking(UUID call) {
    return new Asking(parent.id(), parent.lease(), call);
  }

  private Chat find(ChatId id) {
    return store.find(id).orElseThrow();
  }

  @Test
  void aCallMakesOneSubAgentHoweverOftenItIsRun() {
    Asking asking = asking();
    ChatId child = agents.spawn(asking, wanted("look around"));
    assertThat(agents.spawn(asking, wanted("look around"))).isEqualTo(child);
    assertThat(find(child).parentId()).contains(parent.id());
    assertThat(find(child).title()).isEqualTo("look around");
    assertThat(find(child).status()).isEqualTo(ChatStatus.PENDING);
    assertThat(signals).extracting(ChatSignals.Signal::chat).contains(child);
    assertThat(store.history(child)).hasSize(1);
  }

  @Test
  void anOlderLeaseMakesNothing() {
    Asking late = new Asking(parent.id(), parent.lease() - 1, UuidV7.next());
    assertThatThrownBy(() -> agents.spawn(late, wanted("x")))
        .isInstanceOfSatisfying(
            ChatException.class,
            e -> assertThat(e.kind()).isEqualTo(ChatException.Kind.LEASE_LOST));
  }

  @Test
  void onlySoManyAreOpenAtOnce() {
    List<ChatId> open = new ArrayList<>();
    for (int i = 0; i < SubAgentTransitions.OPEN_MAX; i++) {
      open.add(agents.spawn(asking(), wanted("task " + i)));
    }
    assertThatThrownBy(() -> agents.spawn(asking(), wanted("one more")))
        .hasMessageContaining("close_agent");
    agents.close(asking(), open.getFirst());
    agents.spawn(asking(), wanted("one more"));
  }

  @Test
  void aSubAgentHasNone() {
    ChatId child = agents.spawn(asking(), wanted("x"));
    Chat running = claim(child);
    assertThatThrownBy(
            () -> agents.spawn(new Asking(child, running.lease(), UuidV7.next()), wanted("y")))
        .hasMessageContaining("cannot have sub-agents");
  }

  @Test
  void anothersSubAgentIsNotThere() {
    ChatId child = agents.spawn(asking(), wanted("x"));
    ChatId mine = parent.id();
    makeAParentThatRuns();
    assertThat(parent.id()).isNotEqualTo(mine);
    assertThatThrownBy(() -> agents.tell(asking(), child, "hello", false))
        .hasMessageContaining("has no sub-agent");
    assertThatThrownBy(() -> agents.close(asking(), child))
        .hasMessageContaining("has no sub-agent");
  }

  @Test
  void aMessageIsSentOnceHoweverOftenItsCallIsRun() {
    ChatId child = agents.spawn(asking(), wanted("x"));
    Asking asking = asking();
    assertThat(agents.tell(asking, child, "more", false)).isTrue();
    assertThat(agents.tell(asking, child, "more", false)).isTrue();
    assertThat(store.queue(child)).hasSize(1);
    Chat running = claim(child);
    transitions.worker().finishTurn(new Lease(child, running.lease(), replica));
    assertThat(agents.tell(asking, child, "more", false)).isFalse();
    assertThat(store.history(child)).hasSize(2);
    assertThat(store.queue(child)).isEmpty();
  }

  @Test
  void aClosedOneTakesNoMoreMessages() {
    ChatId child = agents.spawn(asking(), wanted("x"));
    agents.close(asking(), child);
    agents.close(asking(), child);
    assertThat(find(child).archived()).isTrue();
    assertThat(find(child).status()).isEqualTo(ChatStatus.WAITING);
    assertThatThrownBy(() -> agents.tell(asking(), child, "more", false))
        .hasMessageContaining("is closed");
  }

  @Test
  void anInterruptionOfTheParentReachesWhatItsSubAgentsDoAndHaveQueued() {
    ChatId waiting = agents.spawn(asking(), wanted("pending"));
    ChatId working = agents.spawn(asking(), wanted("working"));
    claim(working);
    agents.tell(asking(), working, "and then", false);
    signals.clear();
    transitions.user().interrupt(parent.id());
    assertThat(find(working).status()).isEqualTo(ChatStatus.INTERRUPTING);
    assertThat(store.queue(working)).isEmpty();
    assertThat(find(waiting).archived()).isFalse();
    assertThat(signals).extracting(ChatSignals.Signal::chat).contains(parent.id(), working);
  }

  @Test
  void aMessageThatInterruptsTheParentReachesThemToo() {
    ChatId child = agents.spawn(asking(), wanted("x"));
    transitions.user().send(parent.id(), says("stop that"), false);
    assertThat(find(child).status()).isEqualTo(ChatStatus.PENDING);
    transitions.user().send(parent.id(), says("stop that"), true);
    assertThat(find(child).status()).isEqualTo(ChatStatus.WAITING);
  }

  @Test
  void archivingTheParentClosesThem() {
    ChatId child = agents.spawn(asking(), wanted("x"));
    transitions
        .user()
        .patch(
            parent.id(),
            new ChatPatch(
                Change.keep(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(true),
                Change.keep(),
                Change.keep(),
                Optional.empty(),
                Optional.empty()));
    assertThat(find(child).archived()).isTrue();
    assertThat(find(child).status()).isEqualTo(ChatStatus.WAITING);
  }

  @Test
  void deletingTheParentDeletesThemAndTellsTheirWorkers() {
    ChatId child = agents.spawn(asking(), wanted("x"));
    claim(child);
    assertThatThrownBy(() -> transitions.user().delete(child)).hasMessageContaining("parent");
    signals.clear();
    transitions.user().delete(parent.id());
    assertThat(store.find(child)).isEmpty();
    assertThat(signals)
        .filteredOn(ChatSignals.Signal::deleted)
        .extracting(ChatSignals.Signal::chat)
        .containsExactlyInAnyOrder(parent.id(), child);
  }

  @Test
  void anEditClosesWhatTheDroppedCallsHadMade() {
    StoredPart.ToolCall call =
        new StoredPart.ToolCall(
            UuidV7.next(),
            "spawn_agent",
            dev.warren.protocol.Json.STRICT.createObjectNode(),
            "{}",
            false,
            Optional.empty());
    Lease lease = new Lease(parent.id(), parent.lease(), replica);
    transitions
        .worker()
        .commitStep(
            lease,
            new MessageDraft(
                new MessageId(UuidV7.next()),
                ChatMessage.Role.ASSISTANT,
                List.of(call),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()),
            new Chat.Context(1, 2));
    ChatId dropped = agents.spawn(asking(call.id()), wanted("x"));
    transitions.user().edit(parent.id(), first, List.of(StoredPart.Text.of("else")));
    assertThat(find(dropped).archived()).isTrue();
  }

  @Test
  void whatSubAgentsUseCountsForTheParentAndIsNotTakenForItsOwn() {
    ChatId child = agents.spawn(asking(), wanted("x"));
    Chat running = claim(child);
    MessageDraft answer =
        new MessageDraft(
            new MessageId(UuidV7.next()),
            ChatMessage.Role.ASSISTANT,
            List.of(StoredPart.Text.of("done")),
            Optional.of(Finish.STOP),
            Optional.empty(),
            Optional.of(
                new ChatMessage.MessageUsage(
                    100, 20, 3, 4, 5, Optional.of(new java.math.BigDecimal("0.5")))));
    transitions
        .worker()
        .commitStep(new Lease(child, running.lease(), replica), answer, new Chat.Context(1, 2));
    transitions.user().send(parent.id(), says("queued"), false); // writes the parent's row
    Chat now = find(parent.id());
    assertThat(now.usage().inputTokens()).isZero();
    assertThat(now.totalUsage().inputTokens()).isEqualTo(100);
    assertThat(now.totalUsage().costUsd().orElseThrow()).isEqualByComparingTo("0.5");
    assertThat(now.wire().get("usage").get("output_tokens").asInt()).isEqualTo(20);
    agents.close(asking(), child);
    assertThat(find(parent.id()).totalUsage().inputTokens()).isEqualTo(100);
  }

  @Test
  void listsShowThemWithTheirParentOnly() {
    ChatId child = agents.spawn(asking(), wanted("x"));
    ChatListStore list = new ChatListStore(postgres.database());
    ChatListStore.Filter all = ChatListStore.Filter.allOf(owner);
    assertThat(list.list(all, Optional.empty(), 10))
        .extracting(Chat::id)
        .containsExactly(parent.id());
    ChatListStore.Filter theirs =
        new ChatListStore.Filter(
            owner,
            Optional.of(parent.id()),
            all.status(),
            all.archived(),
            all.pinned(),
            all.query(),
            all.label());
    assertThat(list.list(theirs, Optional.empty(), 10)).extracting(Chat::id).containsExactly(child);
  }
}
