package dev.warren.server.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.llm.Message;
import dev.warren.llm.ModelRequest;
import dev.warren.llm.ProviderException;
import dev.warren.protocol.Json;
import dev.warren.protocol.UuidV7;
import dev.warren.server.chat.ChatException;
import dev.warren.server.chat.ChatId;
import dev.warren.server.chat.ChatPatch;
import dev.warren.server.chat.ChatStatus;
import dev.warren.server.db.PostgresForTests;
import dev.warren.server.http.Change;
import dev.warren.server.tool.Tool;
import dev.warren.server.tool.ToolContext;
import dev.warren.server.tool.ToolResult;
import dev.warren.server.workspace.WorkspaceId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Each request of a chat begins with the one before it, whatever happened in between: tools,
/// sub-agents, failures, interruptions, queued messages, a workspace and its instructions in the
/// middle, another owner. A seed that fails fails again.
@Timeout(120)
final class PromptPrefixTest {
  @RegisterExtension static final PostgresForTests postgres = new PostgresForTests();

  private static final int CHATS = 4;
  private static final int ACTIONS = 14;

  /// Requests in their order, by chat.
  private final Map<String, List<ModelRequest>> requests = new ConcurrentHashMap<>();

  record Nothing(String word) {}

  /// A tool that answers at once.
  private static final class Echo implements Tool<Nothing> {
    @Override
    public String name() {
      return "echo";
    }

    @Override
    public String description() {
      return "Says it again.";
    }

    @Override
    public Family family() {
      return Family.WORKSPACE;
    }

    @Override
    public Effect effect() {
      return Effect.COMMAND;
    }

    @Override
    public Class<Nothing> inputType() {
      return Nothing.class;
    }

    @Override
    public ToolResult execute(ToolContext context, Nothing input) {
      return ToolResult.of(input);
    }
  }

  /// Answers by a request's length and the seed alone, so that an answer that is asked for again is
  /// the same.
  private void answer(long seed, ModelRequest request, AgentFixture.Answer out)
      throws InterruptedException {
    requests.computeIfAbsent(request.cacheKey(), key -> new CopyOnWriteArrayList<>()).add(request);
    List<Message> messages = request.messages();
    Random random = new Random(seed * 31 + messages.size() + request.cacheKey().hashCode());
    boolean child = request.system().startsWith("You are a sub-agent");
    long rounds = messages.stream().filter(m -> m.role() == Message.Role.TOOL).count();
    switch (rounds > 8 ? 0 : random.nextInt(child ? 4 : 6)) {
      case 0, 1 -> out.text("answer", " to ", messages.size() + "");
      case 2 -> out.text("I look.").call("echo", word(messages.size()));
      case 3 -> out.call("echo", word(1)).call("echo", word(2)).call("nothing", word(3));
      case 4 -> {
        if (failures.incrementAndGet() % 3 != 0) {
          throw new ProviderException(
              ProviderException.Kind.OVERLOADED, 529, Optional.of(Duration.ofMillis(1)), "busy");
        }
        out.text("after failures");
      }
      default ->
          out.call("spawn_agent", Json.STRICT.createObjectNode().put("prompt", "task " + rounds));
    }
  }

  private final AtomicInteger failures = new AtomicInteger();

  private static tools.jackson.databind.node.ObjectNode word(int number) {
    return Json.STRICT.createObjectNode().put("word", "w" + number);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void aRequestBeginsWithTheOneBefore(long seed) {
    Random random = new Random(seed);
    try (AgentFixture agent = new AgentFixture(postgres.database(), List.of(new Echo()))) {
      agent.provider = (request, out) -> answer(seed, request, out);
      AgentFixture.Node node = agent.node();
      List<ChatId> chats = new ArrayList<>();
      for (int i = 0; i < CHATS; i++) {
        chats.add(agent.chat(node, "chat " + i));
      }
      for (int i = 0; i < ACTIONS; i++) {
        ChatId chat = chats.get(random.nextInt(CHATS));
        node = act(agent, node, chat, random, i);
      }
      for (ChatId chat : chats) {
        AgentFixture.await(
            "chat has ended",
            () -> {
              ChatStatus status = agent.store.find(chat).orElseThrow().status();
              return status == ChatStatus.WAITING || status == ChatStatus.ERROR;
            });
      }
    }
    assertThat(requests).hasSizeGreaterThanOrEqualTo(CHATS);
    requests.forEach(this::check);
  }

  private static AgentFixture.Node act(
      AgentFixture agent, AgentFixture.Node node, ChatId chat, Random random, int number) {
    try {
      switch (random.nextInt(7)) {
        case 0, 1 -> node.transitions.user().send(chat, AgentFixture.user("more " + number), false);
        case 2 -> node.transitions.user().send(chat, AgentFixture.user("now " + number), true);
        case 3 -> node.transitions.user().interrupt(chat);
        case 4 -> attach(node, chat);
        case 5 -> agent.instructions.files.put("/f" + number % 3, "say " + number);
        default -> {
          // Another replica takes over what this one leaves behind.
          AgentFixture.Node next = agent.node();
          node.worker.vanish();
          return next;
        }
      }
    } catch (ChatException refused) {
      assertThat(refused.kind()).isEqualTo(ChatException.Kind.WRONG_STATE);
    }
    return node;
  }

  private static void attach(AgentFixture.Node node, ChatId chat) {
    node.transitions
        .user()
        .patch(
            chat,
            new ChatPatch(
                Change.keep(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Change.keep(),
                Change.set(new WorkspaceId(UuidV7.next())),
                Optional.empty(),
                Optional.empty()));
  }

  private void check(String chat, List<ModelRequest> inOrder) {
    for (int i = 1; i < inOrder.size(); i++) {
      ModelRequest before = inOrder.get(i - 1);
      ModelRequest request = inOrder.get(i);
      assertThat(request.system()).isEqualTo(before.system());
      assertThat(request.tools()).isEqualTo(before.tools());
      assertThat(request.messages()).as("chat %s", chat).startsWith(array(before.messages()));
    }
  }

  private static Message[] array(List<Message> messages) {
    return messages.toArray(Message[]::new);
  }
}
