package dev.warren.server.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.llm.ModelRequest;
import dev.warren.llm.ProviderException;
import dev.warren.server.agent.AgentFixture.ScriptedProvider;
import dev.warren.server.agent.AgentSources.AgentSettings;
import dev.warren.server.approval.ApprovalRules;
import dev.warren.server.chat.Chat;
import dev.warren.server.chat.ChatId;
import dev.warren.server.chat.ChatPatch;
import dev.warren.server.chat.ChatStatus;
import dev.warren.server.db.PostgresForTests;
import dev.warren.server.http.Change;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
final class TitlesTest {
  @RegisterExtension static final PostgresForTests postgres = new PostgresForTests();

  private final AtomicInteger asked = new AtomicInteger();
  private AgentFixture agent;

  @BeforeEach
  void start() {
    agent = new AgentFixture(postgres.database(), List.of());
    titles(true);
    agent.provider =
        (request, out) -> {
          if (wantsTitle(request)) {
            asked.incrementAndGet();
          }
          out.text(wantsTitle(request) ? "Title: **Counting primes**\n" : "Here it is.");
        };
  }

  @AfterEach
  void stop() {
    agent.close();
  }

  private void titles(boolean on) {
    agent.settings = new AgentSettings("", Set.of(), 500, Optional.empty(), on, ApprovalRules.NONE);
  }

  private static boolean wantsTitle(ModelRequest request) {
    return request.system().startsWith("You write titles");
  }

  private Chat chat(ChatId id) {
    return agent.store.find(id).orElseThrow();
  }

  @Test
  void theModelNamesAChatAfterItsFirstTurnAndNotAgain() {
    AgentFixture.Node node = agent.node();
    ChatId id = agent.chat(node, "please count the primes below a hundred");
    AgentFixture.await("named", () -> chat(id).title().equals("Counting primes"));
    assertThat(chat(id).titleSource()).isEqualTo(Chat.TitleSource.MODEL);
    node.transitions.user().send(id, AgentFixture.user("more"), false);
    agent.await(id, ChatStatus.WAITING);
    assertThat(asked).hasValue(1);
    assertThat(chat(id).usage().inputTokens()).as("two answers").isEqualTo(200);
  }

  @Test
  void aChatWhoseFirstTurnFailedIsNamedAfterTheNext() {
    AtomicInteger turns = new AtomicInteger();
    ScriptedProvider titles = agent.provider;
    agent.provider =
        (request, out) -> {
          if (turns.getAndIncrement() == 0) {
            throw new ProviderException(
                ProviderException.Kind.AUTH, 401, Optional.empty(), "The key was refused.");
          }
          titles.answer(request, out);
        };
    AgentFixture.Node node = agent.node();
    ChatId id = agent.chat(node, "count");
    agent.await(id, ChatStatus.ERROR);
    node.transitions.user().send(id, AgentFixture.user("again"), false);
    AgentFixture.await("named", () -> chat(id).title().equals("Counting primes"));
  }

  @Test
  void aPersonsTitleStays() throws InterruptedException {
    CountDownLatch asking = new CountDownLatch(1);
    CountDownLatch renamed = new CountDownLatch(1);
    CountDownLatch answered = new CountDownLatch(1);
    agent.provider =
        (request, out) -> {
          if (!wantsTitle(request)) {
            out.text("Here it is.");
            return;
          }
          asking.countDown();
          renamed.await();
          out.text("Another");
          answered.countDown();
        };
    AgentFixture.Node node = agent.node();
    ChatId id = agent.chat(node, "count");
    assertThat(asking.await(20, TimeUnit.SECONDS)).isTrue();
    node.transitions.user().patch(id, titled("Mine"));
    long version = chat(id).version();
    renamed.countDown();
    assertThat(answered.await(20, TimeUnit.SECONDS)).isTrue();
    AgentFixture.await("the model's title was refused", () -> chat(id).version() > version);
    assertThat(chat(id).title()).isEqualTo("Mine");
  }

  @Test
  void aModelThatNeverNamesHoldsNothingUp() throws InterruptedException {
    CountDownLatch asking = new CountDownLatch(1);
    agent.provider =
        (request, out) -> {
          if (wantsTitle(request)) {
            asking.countDown();
            new CountDownLatch(1).await();
          }
          out.text("Here it is.");
        };
    AgentFixture.Node node = agent.node();
    ChatId id = agent.chat(node, "count");
    assertThat(asking.await(20, TimeUnit.SECONDS)).isTrue();
    agent.await(id, ChatStatus.WAITING);
    node.transitions.user().send(id, AgentFixture.user("more"), false);
    agent.await(id, ChatStatus.WAITING);
    assertThat(chat(id).title()).isEqualTo("count");
  }

  @Test
  void anAdministratorTurnsItOff() {
    titles(false);
    AgentFixture.Node node = agent.node();
    ChatId id = agent.chat(node, "count");
    agent.await(id, ChatStatus.WAITING);
    node.transitions.user().send(id, AgentFixture.user("more"), false);
    agent.await(id, ChatStatus.WAITING);
    assertThat(asked).hasValue(0);
    assertThat(chat(id).titleSource()).isEqualTo(Chat.TitleSource.PROMPT);
  }

  private static ChatPatch titled(String title) {
    return new ChatPatch(
        Change.set(title),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Change.keep(),
        Change.keep(),
        Optional.empty(),
        Optional.empty());
  }
}
