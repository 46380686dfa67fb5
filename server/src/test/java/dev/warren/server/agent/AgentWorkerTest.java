package dev.warren.server.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.llm.Message;
import dev.warren.llm.ModelRequest;
import dev.warren.llm.Part;
import dev.warren.llm.ProviderException;
import dev.warren.protocol.Json;
import dev.warren.server.agent.AgentSources.AgentSettings;
import dev.warren.server.approval.ApprovalRules;
import dev.warren.server.chat.Chat;
import dev.warren.server.chat.ChatId;
import dev.warren.server.chat.ChatMessage;
import dev.warren.server.chat.ChatStatus;
import dev.warren.server.chat.Finish;
import dev.warren.server.db.PostgresForTests;
import dev.warren.server.tool.Tool;
import dev.warren.server.tool.ToolContext;
import dev.warren.server.tool.ToolResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

@Timeout(60)
final class AgentWorkerTest {
  @RegisterExtension static final PostgresForTests postgres = new PostgresForTests();

  @TempDir Path folder;
  private AgentFixture agent;
  private FakeCommand command;

  record CommandInput(String text, Optional<Boolean> hold) {}

  /// Appends to a file, as a daemon would: once an id, and it goes on when its caller leaves.
  static final class FakeCommand implements Tool<CommandInput> {
    private final Path file;
    private final Set<Object> started = ConcurrentHashMap.newKeySet();
    private final AtomicInteger cancelled = new AtomicInteger();
    private volatile CountDownLatch running = new CountDownLatch(1);
    private volatile CountDownLatch gate = new CountDownLatch(1);

    FakeCommand(Path file) {
      this.file = file;
    }

    @Override
    public String name() {
      return "append";
    }

    @Override
    public String description() {
      return "Appends a line.";
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
    public Class<CommandInput> inputType() {
      return CommandInput.class;
    }

    @Override
    public ToolResult execute(ToolContext context, CommandInput input) throws InterruptedException {
      if (started.add(context.callId())) {
        try {
          Files.writeString(
              file, input.text() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      context.preview("wrote " + input.text());
      running.countDown();
      if (input.hold().orElse(false)) {
        gate.await();
      }
      return ToolResult.of(Json.STRICT.createObjectNode().put("wrote", input.text()));
    }

    @Override
    public ToolResult cancel(ToolContext context, CommandInput input) {
      cancelled.incrementAndGet();
      return ToolResult.error("ended");
    }
  }

  @BeforeEach
  void start() {
    command = new FakeCommand(folder.resolve("lines"));
    agent = new AgentFixture(postgres.database(), List.of(command));
  }

  @AfterEach
  void stop() {
    command.gate.countDown();
    agent.close();
  }

  private static ObjectNode input(String text, boolean wait) {
    ObjectNode input = Json.STRICT.createObjectNode().put("text", text);
    return wait ? input.put("hold", true) : input;
  }

  private static long results(ModelRequest request) {
    return request.messages().stream()
        .filter(message -> message.role() == Message.Role.TOOL)
        .flatMap(message -> message.parts().stream())
        .count();
  }

  @Test
  void anAnswerEndsTheTurn() {
    ChatId chat = agent.chat(agent.node(), "hi");
    Chat after = agent.await(chat, ChatStatus.WAITING);
    assertThat(agent.transcript(chat)).containsExactly("user: hi", "assistant: Hello.");
    assertThat(after.usage().inputTokens()).isEqualTo(100);
    assertThat(after.context()).isEqualTo(new Chat.Context(110, 200_000));
    assertThat(agent.store.history(chat).getLast().finish()).contains(Finish.STOP);
  }

  @Test
  void toolsRunInParallelAndTheirResultsGoBackInCallOrder() throws IOException {
    agent.provider =
        (request, out) -> {
          if (results(request) == 0) {
            out.text("On it.").call("append", input("a", false)).call("append", input("b", false));
          } else {
            out.text("Done.");
          }
        };
    ChatId chat = agent.chat(agent.node(), "go");
    agent.await(chat, ChatStatus.WAITING);
    assertThat(agent.transcript(chat))
        .containsExactly(
            "user: go",
            "assistant: On it.<append><append>",
            "tool: {\"wrote\":\"a\"}{\"wrote\":\"b\"}",
            "assistant: Done.");
    assertThat(Files.readAllLines(folder.resolve("lines"))).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void aCallThatIsWrongInAnyWayIsAnsweredAndItsSiblingsRun() {
    agent.settings =
        new AgentSettings("", Set.of(), 50, Optional.empty(), false, ApprovalRules.NONE);
    agent.provider =
        (request, out) -> {
          if (results(request) == 0) {
            out.call("nothing", input("a", false))
                .call("append", Json.STRICT.createObjectNode().put("txt", "x"))
                .call("append", input("ok", false));
          } else {
            out.text("Done.");
          }
        };
    ChatId chat = agent.chat(agent.node(), "go");
    agent.await(chat, ChatStatus.WAITING);
    String results = agent.transcript(chat).get(2);
    assertThat(results)
        .contains("There is no tool named 'nothing'. There are: append")
        .contains("txt: is not a field of this tool; it has text, hold (optional)")
        .contains("{\"wrote\":\"ok\"}");
  }

  @Test
  void theFourthEqualCallIsNotRun() throws IOException {
    agent.provider =
        (request, out) -> {
          if (results(request) < 5) {
            out.call("append", input("again", false));
          } else {
            out.text("I give up.");
          }
        };
    ChatId chat = agent.chat(agent.node(), "go");
    agent.await(chat, ChatStatus.WAITING);
    assertThat(Files.readAllLines(folder.resolve("lines"))).hasSize(3);
    assertThat(agent.transcript(chat).get(8)).contains("has given the same result 3 times");
  }

  @Test
  void aTurnThatGoesOnForTooLongEndsInAnError() {
    agent.settings =
        new AgentSettings("", Set.of(), 3, Optional.empty(), false, ApprovalRules.NONE);
    AtomicInteger number = new AtomicInteger();
    agent.provider =
        (request, out) -> out.call("append", input("n" + number.incrementAndGet(), false));
    ChatId chat = agent.chat(agent.node(), "go");
    assertThat(agent.await(chat, ChatStatus.ERROR).lastError().orElseThrow())
        .contains("stopped after 3 steps");
    agent.provider = (request, out) -> out.text("Fine.");
    agent.node().transitions.user().send(chat, AgentFixture.user("go on"), false);
    agent.await(chat, ChatStatus.WAITING);
  }

  @Test
  void aProviderThatRecoversIsAskedAgain() {
    AtomicInteger asked = new AtomicInteger();
    agent.provider =
        (request, out) -> {
          out.begin("par");
          if (asked.incrementAndGet() < 3) {
            throw new ProviderException(
                ProviderException.Kind.OVERLOADED, 529, Optional.of(Duration.ofMillis(10)), "busy");
          }
          out.text("whole");
        };
    ChatId chat = agent.chat(agent.node(), "go");
    agent.await(chat, ChatStatus.WAITING);
    assertThat(asked).hasValue(3);
  }

  @Test
  void aRefusedKeyEndsInAPlainErrorAndTheChatCanGoOn() {
    agent.provider =
        (request, out) -> {
          throw new ProviderException(
              ProviderException.Kind.AUTH, 401, Optional.empty(), "The key was refused.");
        };
    AgentFixture.Node node = agent.node();
    ChatId chat = agent.chat(node, "go");
    assertThat(agent.await(chat, ChatStatus.ERROR).lastError()).contains("The key was refused.");
    agent.provider = (request, out) -> out.text("Now.");
    node.transitions.user().send(chat, AgentFixture.user("again"), false);
    agent.await(chat, ChatStatus.WAITING);
    assertThat(agent.transcript(chat)).endsWith("user: again", "assistant: Now.");
  }

  @Test
  void anInterruptedAnswerKeepsItsBeginningAndTheQueueGoesOn() throws InterruptedException {
    CountDownLatch streaming = new CountDownLatch(1);
    agent.provider =
        (request, out) -> {
          if (request.messages().size() > 1) {
            out.text("Second.");
            return;
          }
          out.begin("The beginning");
          streaming.countDown();
          new CountDownLatch(1).await();
        };
    AgentFixture.Node node = agent.node();
    ChatId chat = agent.chat(node, "go");
    assertThat(streaming.await(20, TimeUnit.SECONDS)).isTrue();
    node.transitions.user().send(chat, AgentFixture.user("later"), false);
    node.transitions.user().interrupt(chat);
    agent.await(chat, ChatStatus.WAITING);
    assertThat(agent.transcript(chat))
        .containsExactly(
            "user: go", "assistant: The beginning", "user: later", "assistant: Second.");
    assertThat(agent.store.history(chat).get(1).finish()).contains(Finish.INTERRUPTED);
  }

  @Test
  void anInterruptedCommandIsEnded() throws InterruptedException {
    agent.provider = (request, out) -> out.call("append", input("x", true));
    AgentFixture.Node node = agent.node();
    ChatId chat = agent.chat(node, "go");
    assertThat(command.running.await(20, TimeUnit.SECONDS)).isTrue();
    node.transitions.user().interrupt(chat);
    agent.await(chat, ChatStatus.WAITING);
    assertThat(command.cancelled).hasValue(1);
    assertThat(agent.transcript(chat)).last().isEqualTo("tool: {\"error\":\"ended\"}");
  }

  @Test
  void anEditWhileACommandRunsEndsItAndRunsTheTurnAgain() throws InterruptedException {
    agent.provider =
        (request, out) -> {
          if (request.messages().getFirst().parts().getFirst() instanceof Part.Text text
              && text.text().equals("else")) {
            out.text("Else.");
          } else {
            out.call("append", input("x", true));
          }
        };
    AgentFixture.Node node = agent.node();
    ChatId chat = agent.chat(node, "go");
    assertThat(command.running.await(20, TimeUnit.SECONDS)).isTrue();
    ChatMessage first = agent.store.history(chat).getFirst();
    node.transitions.user().edit(chat, first.id(), AgentFixture.user("else").parts());
    agent.await(chat, ChatStatus.WAITING);
    assertThat(agent.transcript(chat)).containsExactly("user: else", "assistant: Else.");
    AgentFixture.await("the command was ended", () -> command.cancelled.get() == 1);
  }

  @Test
  void anotherWorkerFinishesWhatADeadOneLeftAndTheCommandRanOnce()
      throws IOException, InterruptedException {
    agent.provider =
        (request, out) -> {
          if (results(request) == 0) {
            out.call("append", input("once", true));
          } else {
            out.text("Done.");
          }
        };
    AgentFixture.Node first = agent.node();
    ChatId chat = agent.chat(first, "go");
    assertThat(command.running.await(20, TimeUnit.SECONDS)).isTrue();
    command.running = new CountDownLatch(1);
    first.worker.vanish();
    assertThat(agent.store.find(chat).orElseThrow().status()).isEqualTo(ChatStatus.RUNNING);
    agent.node();
    assertThat(command.running.await(20, TimeUnit.SECONDS)).isTrue();
    command.gate.countDown();
    agent.await(chat, ChatStatus.WAITING);
    assertThat(agent.transcript(chat))
        .containsExactly(
            "user: go", "assistant: <append>", "tool: {\"wrote\":\"once\"}", "assistant: Done.");
    assertThat(Files.readAllLines(folder.resolve("lines"))).containsExactly("once");
  }

  @Test
  void aCleanStopHandsTheChatOver() throws IOException, InterruptedException {
    agent.provider =
        (request, out) -> {
          if (results(request) == 0) {
            out.call("append", input("once", true));
          } else {
            out.text("Done.");
          }
        };
    AgentFixture.Node first = agent.node();
    ChatId chat = agent.chat(first, "go");
    assertThat(command.running.await(20, TimeUnit.SECONDS)).isTrue();
    first.worker.close();
    assertThat(agent.store.find(chat).orElseThrow().status()).isEqualTo(ChatStatus.PENDING);
    assertThat(command.cancelled).hasValue(0);
    command.gate.countDown();
    agent.node();
    agent.await(chat, ChatStatus.WAITING);
    assertThat(Files.readAllLines(folder.resolve("lines"))).containsExactly("once");
  }
}
