package dev.warren.server.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.llm.Message;
import dev.warren.llm.ModelRequest;
import dev.warren.llm.Part;
import dev.warren.protocol.Json;
import dev.warren.server.agent.AgentSources.AgentSettings;
import dev.warren.server.approval.ApprovalRule;
import dev.warren.server.approval.ApprovalRules;
import dev.warren.server.approval.Decision;
import dev.warren.server.chat.Chat;
import dev.warren.server.chat.ChatException;
import dev.warren.server.chat.ChatId;
import dev.warren.server.chat.ChatPatch;
import dev.warren.server.chat.ChatStatus;
import dev.warren.server.chat.PendingApproval;
import dev.warren.server.db.PostgresForTests;
import dev.warren.server.http.Change;
import dev.warren.server.tool.Tool;
import dev.warren.server.tool.ToolContext;
import dev.warren.server.tool.ToolResult;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Timeout(60)
final class ApprovalsTest {
  @RegisterExtension static final PostgresForTests postgres = new PostgresForTests();

  private final ConcurrentLinkedQueue<String> ran = new ConcurrentLinkedQueue<>();
  private AgentFixture agent;

  record Input(String command) {}

  /// Notes what it is called with.
  private final class Noting implements Tool<Input> {
    private final String name;
    private final Effect effect;

    Noting(String name, Effect effect) {
      this.name = name;
      this.effect = effect;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public String description() {
      return "Notes.";
    }

    @Override
    public Family family() {
      return Family.WORKSPACE;
    }

    @Override
    public Effect effect() {
      return effect;
    }

    @Override
    public Class<Input> inputType() {
      return Input.class;
    }

    @Override
    public Optional<String> shellCommand(Input input) {
      return effect == Effect.COMMAND ? Optional.of(input.command()) : Optional.empty();
    }

    @Override
    public ToolResult execute(ToolContext context, Input input) {
      ran.add(input.command());
      return ToolResult.of(Json.STRICT.createObjectNode().put("did", input.command()));
    }
  }

  @BeforeEach
  void start() {
    agent =
        new AgentFixture(
            postgres.database(),
            List.of(
                new Noting("execute", Tool.Effect.COMMAND),
                new Noting("write_file", Tool.Effect.FILES)));
    rules(new ApprovalRule("execute", Decision.ASK, Optional.of("git push")));
  }

  @AfterEach
  void stop() {
    agent.close();
  }

  private void rules(ApprovalRule... rules) {
    agent.settings =
        new AgentSettings(
            "", Set.of(), 50, Optional.empty(), false, new ApprovalRules(Arrays.asList(rules)));
  }

  private static ObjectNode input(String command) {
    return Json.STRICT.createObjectNode().put("command", command);
  }

  private static long results(ModelRequest request) {
    return request.messages().stream()
        .filter(message -> message.role() == Message.Role.TOOL)
        .count();
  }

  /// The model calls these commands at once, and is content with what comes of it.
  private void calls(String... commands) {
    agent.provider =
        (request, out) -> {
          if (results(request) == 0) {
            Arrays.stream(commands).forEach(command -> out.call("execute", input(command)));
          } else {
            out.text("Done.");
          }
        };
  }

  private List<PendingApproval> asked(ChatId chat) {
    return agent.store.approvals(agent.store.find(chat).orElseThrow());
  }

  private void decide(AgentFixture.Node node, ChatId chat, Decision decision, boolean remember) {
    decide(node, chat, asked(chat).getFirst().callId(), decision, remember, Optional.empty());
  }

  private static void decide(
      AgentFixture.Node node,
      ChatId chat,
      UUID call,
      Decision decision,
      boolean remember,
      Optional<String> reason) {
    node.transitions.approvals().decide(chat, call, decision, remember, reason);
  }

  @Test
  void aParentIsToldOnceThatItsSubAgentAsksAndThenWaitsForWhatComesOfIt() {
    agent.provider =
        (request, out) -> {
          if (request.system().startsWith("You are a sub-agent")) {
            if (results(request) == 0) {
              out.call("execute", input("git push"));
            } else {
              out.text("It is pushed.");
            }
            return;
          }
          List<JsonNode> outputs = outputs(request);
          switch (outputs.size()) {
            case 0 -> out.call("spawn_agent", Json.STRICT.createObjectNode().put("prompt", "push"));
            case 1, 2 ->
                out.call(
                    "wait_agent",
                    Json.STRICT
                        .createObjectNode()
                        .put("chat_id", outputs.getFirst().path("chat_id").asString("")));
            default -> out.text(outputs.get(1) + " and " + outputs.get(2));
          }
        };
    AgentFixture.Node node = agent.node();
    ChatId chat = agent.chat(node, "go");
    AgentFixture.await("the parent waits again", () -> agent.transcript(chat).size() == 6);
    assertThat(agent.transcript(chat).get(4)).contains("\"status\":\"requires_action\"");
    ChatId child =
        new ChatId(
            UUID.fromString(
                agent.database.with(handle ->
                    handle
                        .createQuery("SELECT id::text FROM chats WHERE parent_id = :id")
                        .bind("id", chat.value())
                        .mapTo(String.class)
                        .one())));
    assertThat(agent.transcript(chat)).hasSize(6);
    decide(node, child, Decision.ALLOW, false);
    agent.await(chat, ChatStatus.WAITING);
    assertThat(agent.transcript(chat).getLast()).contains("It is pushed.");
    assertThat(ran).containsExactly("git push");
  }

  private static List<JsonNode> outputs(ModelRequest request) {
    return request.messages().stream()
        .flatMap(message -> message.parts().stream())
        .filter(Part.ToolResult.class::isInstance)
        .map(part -> ((Part.ToolResult) part).output())
        .toList();
  }

  @Test
  void aCallThatARuleAsksAboutRunsWhenItIsAllowed() {
    calls("git push");
    AgentFixture.Node node = agent.node();
    ChatId chat = agent.chat(node, "go");
    Chat parked = agent.await(chat, ChatStatus.REQUIRES_ACTION);
    assertThat(parked.workerId()).isEmpty();
    AgentFixture.await("no slot is held", () -> node.worker.running() == 0);
    assertThat(ran).isEmpty();
    assertThat(asked(chat))
        .singleElement()
        .satisfies(ask -> {
          assertThat(ask.tool()).isEqualTo("execute");
          assertThat(ask.input()).isEqualTo(input("git push"));
          assertThat(ask.reason()).contains("ask before `git push`");
        });
    decide(node, chat, Decision.ALLOW, false);
    agent.await(chat, ChatStatus.WAITING);
    assertThat(ran).containsExactly("git push");
    assertThat(asked(chat)).isEmpty();
  }

  @Test
  void aDeniedCallGoesToTheModelWithTheReason() {
    calls("git push");
    AgentFixture.Node node = agent.node();
    ChatId chat = agent.chat(node, "go");
    agent.await(chat, ChatStatus.REQUIRES_ACTION);
    UUID call = asked(chat).getFirst().callId();
    decide(node, chat, call, Decision.DENY, false, Optional.of("Not on a Friday."));
    agent.await(chat, ChatStatus.WAITING);
    assertThat(ran).isEmpty();
    assertThat(agent.transcript(chat).get(2))
        .contains("The user did not allow this call")
        .contains("Not on a Friday.");
  }

  @Test
  void aDecisionOutlivesTheProcessThatAsked() {
    calls("git push");
    AgentFixture.Node first = agent.node();
    ChatId chat = agent.chat(first, "go");
    agent.await(chat, ChatStatus.REQUIRES_ACTION);
    first.worker.vanish();
    decide(agent.reader(), chat, Decision.ALLOW, false);
    agent.node();
    agent.await(chat, ChatStatus.WAITING);
    assertThat(ran).containsExactly("git push");
  }

  @Test
  void siblingsThatNeedNoApprovalRunAtOnce() {
    calls("git push", "git status");
    AgentFixture.Node node = agent.node();
    ChatId chat = agent.chat(node, "go");
    agent.await(chat, ChatStatus.REQUIRES_ACTION);
    assertThat(ran).containsExactly("git status");
    decide(node, chat, Decision.ALLOW, false);
    agent.await(chat, ChatStatus.WAITING);
    assertThat(ran).containsExactly("git status", "git push");
    assertThat(agent.transcript(chat).get(2))
        .isEqualTo("tool: {\"did\":\"git push\"}{\"did\":\"git status\"}");
  }

  @Test
  void whatMustComeAfterAnAskedCallWaitsForIt() {
    rules(new ApprovalRule("write_file", Decision.ASK, Optional.empty()));
    agent.provider =
        (request, out) -> {
          if (results(request) == 0) {
            out.call("write_file", input("a file")).call("execute", input("make"));
          } else {
            out.text("Done.");
          }
        };
    AgentFixture.Node node = agent.node();
    ChatId chat = agent.chat(node, "go");
    agent.await(chat, ChatStatus.REQUIRES_ACTION);
    assertThat(ran).isEmpty();
    assertThat(asked(chat)).hasSize(1);
    decide(node, chat, Decision.ALLOW, false);
    agent.await(chat, ChatStatus.WAITING);
    assertThat(ran).containsExactly("a file", "make");
  }

  @Test
  void theChatGoesOnWhenAllIsDecided() {
    calls("git push a", "git push b");
    AgentFixture.Node node = agent.node();
    ChatId chat = agent.chat(node, "go");
    agent.await(chat, ChatStatus.REQUIRES_ACTION);
    decide(node, chat, Decision.ALLOW, false);
    assertThat(agent.store.find(chat).orElseThrow().status()).isEqualTo(ChatStatus.REQUIRES_ACTION);
    decide(node, chat, Decision.DENY, false);
    agent.await(chat, ChatStatus.WAITING);
    assertThat(ran).containsExactly("git push a");
  }

  @Test
  void whatIsRememberedIsNotAskedAgainInThisChatAndStaysDeniedWhereDenied() {
    rules(
        new ApprovalRule("execute", Decision.DENY, Optional.of("git push --force")),
        new ApprovalRule("execute", Decision.ASK, Optional.of("git push")));
    calls("git push a", "git push b");
    AgentFixture.Node node = agent.node();
    ChatId chat = agent.chat(node, "go");
    agent.await(chat, ChatStatus.REQUIRES_ACTION);
    decide(node, chat, Decision.ALLOW, true);
    agent.await(chat, ChatStatus.WAITING);
    assertThat(ran).containsExactlyInAnyOrder("git push a", "git push b");

    agent.provider =
        (request, out) -> {
          if (results(request) == 1) {
            out.call("execute", input("git push c")).call("execute", input("git push --force"));
          } else {
            out.text("Done.");
          }
        };
    node.transitions.user().send(chat, AgentFixture.user("more"), false);
    AgentFixture.await("it ran", () -> ran.contains("git push c"));
    agent.await(chat, ChatStatus.WAITING);
    assertThat(ran).hasSize(3);
    assertThat(agent.transcript(chat).get(6)).contains("do not allow `git push --force`");

    calls("git push d");
    ChatId other = agent.chat(node, "go");
    agent.await(other, ChatStatus.REQUIRES_ACTION);
  }

  @Test
  void aChatTightensTheRulesFromItsNextStepOn() {
    rules();
    calls("ls");
    AgentFixture.Node node = agent.node();
    AgentFixture.Node reader = agent.reader();
    ChatId chat = agent.chat(node, "go");
    agent.await(chat, ChatStatus.WAITING);
    reader.transitions.user().patch(chat, tighten(Decision.DENY));
    agent.provider =
        (request, out) -> {
          if (results(request) == 1) {
            out.call("execute", input("ls"));
          } else {
            out.text("Done.");
          }
        };
    node.transitions.user().send(chat, AgentFixture.user("again"), false);
    AgentFixture.await("it is told", () -> agent.transcript(chat).size() == 8);
    assertThat(agent.transcript(chat).get(6)).contains("This chat's rules do not allow");
    assertThat(ran).hasSize(1);
  }

  private static ChatPatch tighten(Decision decision) {
    return new ChatPatch(
        Change.keep(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Change.keep(),
        Change.keep(),
        Optional.empty(),
        Optional.of(
            new ApprovalRules(List.of(new ApprovalRule("execute", decision, Optional.empty())))));
  }

  @Test
  void anInterruptionAnswersWhatWasAskedAndTheQueueGoesOn() {
    calls("git push", "git status");
    AgentFixture.Node node = agent.node();
    ChatId chat = agent.chat(node, "go");
    agent.await(chat, ChatStatus.REQUIRES_ACTION);
    UUID call = asked(chat).getFirst().callId();
    node.transitions.user().send(chat, AgentFixture.user("later"), false);
    node.transitions.user().interrupt(chat);
    agent.await(chat, ChatStatus.WAITING);
    assertThat(ran).containsExactly("git status");
    assertThat(agent.transcript(chat).get(2))
        .contains("before this call was started")
        .contains("{\"did\":\"git status\"}");
    assertThat(agent.transcript(chat)).endsWith("user: later", "assistant: Done.");
    assertThatThrownBy(() -> decide(node, chat, call, Decision.ALLOW, false, Optional.empty()))
        .isInstanceOfSatisfying(
            ChatException.class,
            e -> assertThat(e.kind()).isEqualTo(ChatException.Kind.WRONG_STATE));
  }

  @Test
  void anEditDropsWhatWasAsked() {
    calls("git push");
    AgentFixture.Node node = agent.node();
    ChatId chat = agent.chat(node, "go");
    agent.await(chat, ChatStatus.REQUIRES_ACTION);
    agent.provider = (request, out) -> out.text("Else.");
    node.transitions
        .user()
        .edit(
            chat,
            agent.store.history(chat).getFirst().id(),
            AgentFixture.user("something else").parts());
    agent.await(chat, ChatStatus.WAITING);
    assertThat(asked(chat)).isEmpty();
    assertThat(ran).isEmpty();
  }
}
