package dev.warren.server.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.llm.Message;
import dev.warren.protocol.Json;
import dev.warren.server.access.UserId;
import dev.warren.server.chat.Chat;
import dev.warren.server.chat.ChatId;
import dev.warren.server.chat.ChatStatus;
import dev.warren.server.chat.PlaceStore;
import dev.warren.server.chat.events.ChatSubscription;
import dev.warren.server.db.Database;
import dev.warren.server.db.PostgresForTests;
import dev.warren.server.http.Frame;
import dev.warren.server.tool.Tool;
import dev.warren.server.tool.ToolContext;
import dev.warren.server.tool.ToolResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

@Timeout(60)
final class SlotsTest {
  private final Semaphore answers = new Semaphore(0);
  private final CountDownLatch child = new CountDownLatch(1);
  private Database database;
  private AgentFixture agent;

  record Nothing() {}

  /// Waits for what happens elsewhere.
  private final class Waiting implements Tool<Nothing> {
    @Override
    public String name() {
      return "wait";
    }

    @Override
    public String description() {
      return "Waits.";
    }

    @Override
    public Family family() {
      return Family.ORCHESTRATION;
    }

    @Override
    public Effect effect() {
      return Effect.NONE;
    }

    @Override
    public Class<Nothing> inputType() {
      return Nothing.class;
    }

    @Override
    public boolean waits() {
      return true;
    }

    @Override
    public ToolResult execute(ToolContext context, Nothing input) throws InterruptedException {
      child.await();
      return ToolResult.of(Json.STRICT.createObjectNode());
    }
  }

  @BeforeEach
  void start() {
    // One each: chats that a test leaves would take the slots of the next.
    database = PostgresForTests.create();
    agent = new AgentFixture(database, List.of(new Waiting()));
    agent.provider =
        (request, out) -> {
          answers.acquire();
          out.text("Done.");
        };
  }

  @AfterEach
  void stop() {
    child.countDown();
    answers.release(10_000);
    agent.close();
    database.close();
  }

  private long running() {
    return database.with(handle ->
        handle
            .createQuery("SELECT count(*) FROM chats WHERE status = 'running'")
            .mapTo(Long.class)
            .one());
  }

  @Test
  void whoHasOneChatIsNotBehindWhoHasFiveHundred() {
    agent.limits = new AgentLimits(4, 1_000);
    AgentFixture.Node node = agent.node();
    for (int i = 0; i < 500; i++) {
      agent.chat(node, "many");
    }
    AgentFixture.await("all slots are taken", () -> running() == 4);
    UserId other = agent.anotherUser();
    ChatId one = agent.chat(node, other, "one");
    assertThat(agent.store.find(one).orElseThrow().status()).isEqualTo(ChatStatus.PENDING);
    answers.release();
    agent.await(one, ChatStatus.RUNNING);
    assertThat(running()).isEqualTo(4);
  }

  @Test
  void aUsersCapHoldsOverAllReplicas() {
    agent.limits = new AgentLimits(100, 3);
    AgentFixture.Node first = agent.node();
    agent.node();
    UserId user = agent.anotherUser();
    List<ChatId> chats =
        IntStream.range(0, 10).mapToObj(i -> agent.chat(first, user, "chat " + i)).toList();
    AgentFixture.await("the cap is reached", () -> running() == 3);
    answers.release(10);
    chats.forEach(chat -> agent.await(chat, ChatStatus.WAITING));
  }

  @Test
  void aChatThatOnlyWaitsLeavesItsSlotToOthers() {
    agent.limits = new AgentLimits(1, 1);
    agent.provider =
        (request, out) -> {
          Message last = request.messages().getLast();
          if (last.role() == Message.Role.TOOL || request.messages().size() > 1) {
            out.text("Done.");
          } else if (AgentFixture.says(request, "parent")) {
            out.call("wait", Json.STRICT.createObjectNode());
          } else {
            out.text("The child's answer.");
          }
        };
    AgentFixture.Node node = agent.node();
    ChatId parent = agent.chat(node, "parent");
    AgentFixture.await(
        "the parent rests", () -> agent.store.find(parent).map(Chat::resting).orElse(false));
    assertThat(agent.store.find(parent).orElseThrow().status()).isEqualTo(ChatStatus.RUNNING);
    ChatId other = agent.chat(node, "child");
    agent.await(other, ChatStatus.WAITING);
    child.countDown();
    assertThat(agent.await(parent, ChatStatus.WAITING).resting()).isFalse();
  }

  @Test
  void aPendingChatSaysHowManyGoFirst() {
    agent.limits = new AgentLimits(1, 1_000);
    AgentFixture.Node node = agent.node();
    agent.chat(node, "runs");
    AgentFixture.await("the slot is taken", () -> running() == 1);
    ChatId second = agent.chat(node, "second");
    ChatId third = agent.chat(node, "third");
    ChatId others = agent.chat(node, agent.anotherUser(), "another's");
    assertThat(places(others, second, third))
        .containsExactly(Optional.of(1), Optional.of(2), Optional.of(3));
    answers.release(4);
    agent.await(third, ChatStatus.WAITING);
    assertThat(places(third)).containsExactly(Optional.empty());
  }

  @Test
  void aReaderIsToldThePlaceOfAPendingChatUntilItRuns() throws Exception {
    agent.limits = new AgentLimits(1, 1_000);
    AgentFixture.Node node = agent.node();
    ChatId read = agent.chat(node, "read");
    answers.release();
    agent.await(read, ChatStatus.WAITING);
    agent.chat(node, "runs");
    AgentFixture.await("the slot is taken", () -> running() == 1);
    List<JsonNode> told = new ArrayList<>();
    try (ChatSubscription reader = node.events.subscribe(read, Optional.empty())) {
      while (told.isEmpty() || !told.getLast().path("status").asString().equals("running")) {
        for (Frame frame : reader.take(Duration.ofSeconds(10))) {
          if (frame.event().equals("snapshot")) {
            node.transitions.user().send(read, AgentFixture.user("again"), false);
          } else if (frame.event().equals("status")) {
            told.add(Json.STRICT.readTree(frame.data()));
            answers.release();
          }
        }
      }
    }
    assertThat(told.getFirst())
        .isEqualTo(Json.STRICT.readTree("{\"status\":\"pending\",\"queue_position\":1}"));
    assertThat(told.getLast()).isEqualTo(Json.STRICT.readTree("{\"status\":\"running\"}"));
  }

  private List<Optional<Integer>> places(ChatId... ids) {
    List<Chat> chats = Stream.of(ids).map(id -> agent.store.find(id).orElseThrow()).toList();
    return new PlaceStore(database).placed(chats).stream().map(PlaceStore.Placed::place).toList();
  }
}
