package dev.warren.server.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.llm.Message;
import dev.warren.llm.ModelRequest;
import dev.warren.llm.Part;
import dev.warren.llm.ProviderException;
import dev.warren.llm.ToolSpec;
import dev.warren.protocol.Json;
import dev.warren.server.chat.Chat;
import dev.warren.server.chat.ChatId;
import dev.warren.server.chat.ChatStatus;
import dev.warren.server.db.PostgresForTests;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Chats that work through sub-agents, with real workers and a model that the test writes.
@Timeout(60)
final class SubAgentsTest {
  @RegisterExtension static final PostgresForTests postgres = new PostgresForTests();

  private final CountDownLatch release = new CountDownLatch(1);
  private final CopyOnWriteArrayList<ModelRequest> children = new CopyOnWriteArrayList<>();
  private AgentFixture agent;
  private AgentFixture.ScriptedProvider parent = (request, out) -> out.text("done");
  private AgentFixture.ScriptedProvider child = (request, out) -> out.text("done");

  @BeforeEach
  void start() {
    agent = new AgentFixture(postgres.database(), List.of());
    agent.provider =
        (request, out) -> {
          if (request.system().startsWith("You are a sub-agent")) {
            children.add(request);
            child.answer(request, out);
          } else {
            parent.answer(request, out);
          }
        };
  }

  @AfterEach
  void stop() {
    release.countDown();
    agent.close();
  }

  private static ObjectNode input() {
    return Json.STRICT.createObjectNode();
  }

  private static ObjectNode about(String chat) {
    return input().put("chat_id", chat);
  }

  /// The outputs of all calls so far.
  private static List<JsonNode> results(ModelRequest request) {
    return request.messages().stream()
        .flatMap(message -> message.parts().stream())
        .filter(Part.ToolResult.class::isInstance)
        .map(part -> ((Part.ToolResult) part).output())
        .toList();
  }

  private static String task(ModelRequest request) {
    return ((Part.Text) request.messages().getFirst().parts().getFirst()).text();
  }

  private static String said(JsonNode result, String member) {
    return result.path(member).asString("");
  }

  private ChatId childOf(ChatId chat) {
    AgentFixture.await("there is a sub-agent", () -> firstChild(chat).isPresent());
    return firstChild(chat).orElseThrow();
  }

  private Optional<ChatId> firstChild(ChatId chat) {
    return agent.database.with(handle ->
        handle
            .createQuery("SELECT id FROM chats WHERE parent_id = :id ORDER BY id LIMIT 1")
            .bind("id", chat.value())
            .mapTo(UUID.class)
            .findOne()
            .map(ChatId::new));
  }

  @Test
  void severalWorkAtOnceAndTheirAnswersComeBack() {
    CountDownLatch both = new CountDownLatch(2);
    child =
        (request, out) -> {
          both.countDown();
          both.await(); // each needs the other to be running
          out.text("answer to " + task(request));
        };
    parent =
        (request, out) -> {
          List<JsonNode> results = results(request);
          switch (results.size()) {
            case 0 ->
                out.call("spawn_agent", input().put("prompt", "one").put("title", "First"))
                    .call("spawn_agent", input().put("prompt", "two"));
            case 2 ->
                out.call("wait_agent", about(said(results.get(0), "chat_id")))
                    .call("wait_agent", about(said(results.get(1), "chat_id")));
            default ->
                out.text(said(results.get(2), "answer") + ", " + said(results.get(3), "answer"));
          }
        };
    ChatId chat = agent.chat(agent.node(), "go");
    Chat after = agent.await(chat, ChatStatus.WAITING);
    assertThat(agent.transcript(chat).getLast())
        .isEqualTo("assistant: answer to one, answer to two");
    assertThat(after.usage().inputTokens()).isEqualTo(300);
    assertThat(after.totalUsage().inputTokens()).isEqualTo(500);
    List<String> titles =
        agent.database.with(handle ->
            handle
                .createQuery("SELECT title FROM chats WHERE parent_id = :id")
                .bind("id", chat.value())
                .mapTo(String.class)
                .list());
    assertThat(titles).containsExactlyInAnyOrder("First", "two");
  }

  @Test
  void aSubAgentIsOfferedNeitherPlatformNorOrchestrationAndCannotCallThem() {
    child =
        (request, out) -> {
          List<JsonNode> results = results(request);
          if (results.isEmpty()) {
            out.call("spawn_agent", input().put("prompt", "deeper"));
          } else {
            out.text(said(results.getFirst(), "error"));
          }
        };
    parent = spawnAndWait("x");
    ChatId chat = agent.chat(agent.node(), "go");
    agent.await(chat, ChatStatus.WAITING);
    assertThat(agent.transcript(chat).getLast()).contains("There is no tool named 'spawn_agent'");
    assertThat(children.getFirst().tools())
        .extracting(ToolSpec::name)
        .doesNotContain("spawn_agent", "wait_agent", "message_agent", "close_agent");
    assertThat(children.getFirst().messages()).hasSize(1);
  }

  /// Spawns one sub-agent, waits for it, and says its answer.
  private static AgentFixture.ScriptedProvider spawnAndWait(String prompt) {
    return (request, out) -> {
      List<JsonNode> results = results(request);
      switch (results.size()) {
        case 0 -> out.call("spawn_agent", input().put("prompt", prompt));
        case 1 -> out.call("wait_agent", about(said(results.getFirst(), "chat_id")));
        default -> out.text("it says: " + results.getLast());
      }
    };
  }

  @Test
  void theWaitGoesOnWhenAnotherReplicaTakesTheChatOver() {
    child =
        (request, out) -> {
          release.await();
          out.text("at last");
        };
    parent = spawnAndWait("x");
    AgentFixture.Node first = agent.node();
    ChatId chat = agent.chat(first, "go");
    childOf(chat);
    AgentFixture.await(
        "the parent waits", () -> agent.transcript(chat).getLast().contains("<wait_agent>"));
    first.worker.vanish();
    agent.node();
    release.countDown();
    agent.await(chat, ChatStatus.WAITING);
    assertThat(agent.transcript(chat).getLast()).contains("at last").doesNotContain("timed_out");
    assertThat(agent.transcript(childOf(chat))).hasSize(2);
  }

  @Test
  void aTimeoutLeavesItRunningAndSaysSo() {
    child =
        (request, out) -> {
          release.await();
          out.text("late");
        };
    parent =
        (request, out) -> {
          List<JsonNode> results = results(request);
          switch (results.size()) {
            case 0 -> out.call("spawn_agent", input().put("prompt", "x"));
            case 1 ->
                out.call(
                    "wait_agent", about(said(results.getFirst(), "chat_id")).put("timeout_s", 0));
            default -> out.text("it says: " + results.getLast());
          }
        };
    ChatId chat = agent.chat(agent.node(), "go");
    agent.await(chat, ChatStatus.WAITING);
    assertThat(agent.transcript(chat).getLast()).contains("\"timed_out\":true");
    release.countDown();
    agent.await(childOf(chat), ChatStatus.WAITING);
  }

  @Test
  void anInterruptionEndsTheWaitAndTheSubAgent() {
    child =
        (request, out) -> {
          out.begin("partial");
          release.await();
        };
    parent = spawnAndWait("x");
    AgentFixture.Node node = agent.node();
    ChatId chat = agent.chat(node, "go");
    ChatId working = childOf(chat);
    AgentFixture.await("the sub-agent works", () -> !children.isEmpty());
    AgentFixture.await(
        "the parent waits", () -> agent.transcript(chat).getLast().contains("<wait_agent>"));
    node.transitions.user().interrupt(chat);
    agent.await(chat, ChatStatus.WAITING);
    agent.await(working, ChatStatus.WAITING);
    assertThat(agent.store.find(working).orElseThrow().archived()).isFalse();
  }

  @Test
  void whatWentWrongInASubAgentIsTold() {
    child =
        (request, out) -> {
          throw new ProviderException(
              ProviderException.Kind.AUTH, 401, Optional.empty(), "the key was refused");
        };
    parent = spawnAndWait("x");
    ChatId chat = agent.chat(agent.node(), "go");
    agent.await(chat, ChatStatus.WAITING);
    assertThat(agent.transcript(chat).getLast())
        .contains("\"status\":\"error\"")
        .contains("the key was refused");
  }

  @Test
  void aFurtherMessageGetsAFurtherAnswerFromWhatItKnows() {
    child = (request, out) -> out.text("answer " + request.messages().size());
    parent =
        (request, out) -> {
          List<JsonNode> results = results(request);
          String id = results.isEmpty() ? "" : said(results.getFirst(), "chat_id");
          switch (results.size()) {
            case 0 -> out.call("spawn_agent", input().put("prompt", "x"));
            case 1 -> out.call("wait_agent", about(id));
            case 2 -> out.call("message_agent", about(id).put("message", "and?"));
            case 3 -> out.call("wait_agent", about(id));
            case 4 -> out.call("close_agent", about(id));
            case 5 -> out.call("message_agent", about(id).put("message", "still there?"));
            default -> out.text(results.get(1) + " " + results.get(3) + " " + results.getLast());
          }
        };
    ChatId chat = agent.chat(agent.node(), "go");
    agent.await(chat, ChatStatus.WAITING);
    assertThat(agent.transcript(chat).getLast())
        .contains("answer 1")
        .contains("answer 3")
        .contains("is closed and takes no more messages");
    assertThat(children.getLast().messages())
        .extracting(Message::role)
        .containsExactly(Message.Role.USER, Message.Role.ASSISTANT, Message.Role.USER);
  }
}
