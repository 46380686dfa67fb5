package dev.warren.server.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.server.chat.ChatId;
import dev.warren.server.chat.ChatStatus;
import dev.warren.server.chat.ChatStore;
import dev.warren.server.db.Database;
import dev.warren.server.db.PostgresForTests;
import dev.warren.server.db.PostgresUrl;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The database goes away while a model writes, and comes back.
@Timeout(90)
final class DatabaseOutageTest {
  private final CountDownLatch streaming = new CountDownLatch(1);
  private final CountDownLatch finish = new CountDownLatch(1);
  private final AtomicInteger asked = new AtomicInteger();
  private DatabaseDoor door;
  private Database database;
  private Database direct;
  private AgentFixture agent;

  @BeforeEach
  void start() throws Exception {
    PostgresUrl real = PostgresForTests.createEmpty(true);
    door = new DatabaseDoor(real.port());
    direct = Database.open(real);
    database = Database.open(door.of(real));
    agent = new AgentFixture(database, List.of());
    agent.provider =
        (request, out) -> {
          asked.incrementAndGet();
          out.begin("The ");
          streaming.countDown();
          finish.await();
          out.text("answer.");
        };
  }

  @AfterEach
  void stop() {
    finish.countDown();
    door.open();
    agent.close();
    database.close();
    door.close();
    direct.close();
  }

  private ChatId beginAndLoseTheDatabase() throws InterruptedException {
    ChatId chat = agent.chat(agent.node(), "go");
    assertThat(streaming.await(20, TimeUnit.SECONDS)).isTrue();
    door.shut();
    finish.countDown();
    return chat;
  }

  private void awaitAnswer(ChatId chat) {
    ChatStore store = new ChatStore(direct);
    AgentFixture.await(
        "the chat went on", () -> store.find(chat).orElseThrow().status() == ChatStatus.WAITING);
    assertThat(store.history(chat)).extracting(AgentFixture::text).containsExactly("go", "answer.");
  }

  @Test
  void anAnswerThatEndsWhileItIsAwayIsWrittenWhenItIsBack() throws InterruptedException {
    ChatId chat = beginAndLoseTheDatabase();
    AgentFixture.await("the commit was tried", () -> door.refused() > 2);
    door.open();
    awaitAnswer(chat);
    assertThat(asked).as("requests to the model").hasValue(1);
  }

  @Test
  void aTurnThatHadToBeLeftGoesOnWhenItIsBack() throws InterruptedException {
    ChatId chat = beginAndLoseTheDatabase();
    AgentFixture.await("the turn was left", () -> agent.running() == 0);
    door.open();
    awaitAnswer(chat);
  }
}
