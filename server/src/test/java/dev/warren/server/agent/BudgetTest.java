package dev.warren.server.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.server.chat.Budget;
import dev.warren.server.chat.Chat;
import dev.warren.server.chat.ChatId;
import dev.warren.server.chat.ChatPatch;
import dev.warren.server.chat.ChatStatus;
import dev.warren.server.db.PostgresForTests;
import dev.warren.server.http.Change;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.node.ObjectNode;

@Timeout(60)
final class BudgetTest {
  @RegisterExtension static final PostgresForTests postgres = new PostgresForTests();

  private final AtomicInteger asked = new AtomicInteger();
  private AgentFixture agent;

  @BeforeEach
  void start() {
    agent = new AgentFixture(postgres.database(), List.of());
    agent.provider =
        (request, out) -> {
          asked.incrementAndGet();
          out.text("Hello.").usage(400, 50);
        };
  }

  @AfterEach
  void stop() {
    agent.close();
  }

  private static ChatPatch budget(Optional<Long> tokens, Optional<BigDecimal> usd) {
    return new ChatPatch(
        Change.keep(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Change.keep(),
        Change.keep(),
        Optional.of(new Budget(tokens, usd)),
        Optional.empty());
  }

  private static ObjectNode shown(Chat chat) {
    return (ObjectNode) chat.wire().path("budget");
  }

  @Test
  void aBudgetWarnsThenStopsBeforeTheModelIsAskedAndCanBeRaised() {
    AgentFixture.Node node = agent.node();
    ChatId chat = agent.chat(node, "one");
    agent.await(chat, ChatStatus.WAITING);
    assertThat(agent.store.find(chat).orElseThrow().wire().has("budget")).isFalse();

    node.transitions.user().patch(chat, budget(Optional.of(1_000L), Optional.empty()));
    assertThat(shown(agent.store.find(chat).orElseThrow()).toString())
        .isEqualTo("{\"tokens\":1000,\"used_share\":0.4500,\"warning\":false}");
    node.transitions.user().send(chat, AgentFixture.user("two"), false);
    Chat warned = agent.await(chat, ChatStatus.WAITING);
    assertThat(shown(warned).path("warning").booleanValue()).isTrue();

    node.transitions.user().send(chat, AgentFixture.user("three"), false);
    agent.await(chat, ChatStatus.WAITING);
    node.transitions.user().send(chat, AgentFixture.user("four"), false);
    Chat stopped = agent.await(chat, ChatStatus.ERROR);
    assertThat(stopped.lastError().orElseThrow())
        .contains("used up: 1350 of 1000 tokens", "Raise the budget");
    assertThat(asked).hasValue(3);

    node.transitions.user().patch(chat, budget(Optional.of(10_000L), Optional.empty()));
    node.transitions.user().send(chat, AgentFixture.user("go on"), false);
    agent.await(chat, ChatStatus.WAITING);
    assertThat(asked).hasValue(4);
  }

  @Test
  void aBudgetOfMoneyCountsWhatTheModelCosts() {
    agent.cost = Optional.of(new BigDecimal("0.03"));
    AgentFixture.Node node = agent.node();
    ChatId chat = agent.chat(node, "one");
    agent.await(chat, ChatStatus.WAITING);
    node.transitions
        .user()
        .patch(chat, budget(Optional.empty(), Optional.of(new BigDecimal("0.05"))));
    node.transitions.user().send(chat, AgentFixture.user("two"), false);
    agent.await(chat, ChatStatus.WAITING);
    node.transitions.user().send(chat, AgentFixture.user("three"), false);
    assertThat(agent.await(chat, ChatStatus.ERROR).lastError().orElseThrow())
        .contains("$0.0600 of $0.05");
  }

  @Test
  void aSummaryCountsToTheBudgetToo() {
    AgentFixture.Node node = agent.node();
    ChatId chat = agent.chat(node, "one");
    agent.await(chat, ChatStatus.WAITING);
    node.transitions.user().patch(chat, budget(Optional.of(450L), Optional.empty()));
    node.transitions.context().requestCompaction(chat);
    assertThat(agent.await(chat, ChatStatus.ERROR).lastError().orElseThrow()).contains("used up");
    assertThat(asked).hasValue(1);
  }

  @Test
  void aSubAgentStopsWhenItsParentsBudgetIsUsedUp() {
    AgentFixture.Node node = agent.node();
    ChatId parent = agent.chat(node, "one");
    agent.await(parent, ChatStatus.WAITING);
    ChatId child = agent.chat(node, "child");
    agent.await(child, ChatStatus.WAITING);
    agent.database.use(handle ->
        handle.execute(
            "UPDATE chats SET parent_id = ? WHERE id = ?", parent.value(), child.value()));
    node.transitions.user().patch(parent, budget(Optional.of(900L), Optional.empty()));
    node.transitions.user().send(child, AgentFixture.user("more"), false);
    assertThat(agent.await(child, ChatStatus.ERROR).lastError().orElseThrow())
        .contains("The budget of the chat that this one works for", "900 of 900 tokens");
  }
}
