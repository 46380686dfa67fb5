package dev.warren.server.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.protocol.Json;
import dev.warren.protocol.UuidV7;
import dev.warren.server.chat.ChatId;
import dev.warren.server.chat.ChatPatch;
import dev.warren.server.chat.ChatStatus;
import dev.warren.server.db.PostgresForTests;
import dev.warren.server.http.Change;
import dev.warren.server.tool.Tool;
import dev.warren.server.tool.ToolContext;
import dev.warren.server.tool.ToolResult;
import dev.warren.server.workspace.WorkspaceId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A workspace that is taken from a chat while its agent works there.
@Timeout(60)
final class DetachTest {
  @RegisterExtension static final PostgresForTests postgres = new PostgresForTests();

  private final List<Optional<WorkspaceId>> workspaces = new CopyOnWriteArrayList<>();
  private final CountDownLatch working = new CountDownLatch(1);
  private final CountDownLatch detached = new CountDownLatch(1);
  private AgentFixture agent;

  record Nothing() {}

  /// Remembers where it was called; each call lasts until the workspace is detached.
  private final class Work implements Tool<Nothing> {
    @Override
    public String name() {
      return "work";
    }

    @Override
    public String description() {
      return "Works.";
    }

    @Override
    public Family family() {
      return Family.PLATFORM;
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
    public ToolResult execute(ToolContext context, Nothing input) throws InterruptedException {
      workspaces.add(context.workspaceId());
      working.countDown();
      detached.await();
      return ToolResult.of(Json.STRICT.createObjectNode().put("worked", true));
    }
  }

  @BeforeEach
  void start() {
    agent = new AgentFixture(postgres.database(), List.of(new Work()));
  }

  @AfterEach
  void stop() {
    detached.countDown();
    agent.close();
  }

  private static ChatPatch workspace(Change<WorkspaceId> change) {
    return new ChatPatch(
        Change.keep(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Change.keep(),
        change,
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void theCallThatRunsKeepsItAndTheNextStepHasNone() throws Exception {
    agent.provider =
        (request, out) -> {
          if (request.messages().size() > 1 && workspaces.size() < 2) {
            out.call("work", Json.STRICT.createObjectNode());
          } else {
            out.text("Done.");
          }
        };
    AgentFixture.Node node = agent.node();
    ChatId chat = agent.chat(node, "hello");
    agent.await(chat, ChatStatus.WAITING);
    WorkspaceId workspace = new WorkspaceId(UuidV7.next());
    node.transitions.user().patch(chat, workspace(Change.set(workspace)));
    node.transitions.user().send(chat, AgentFixture.user("work"), false);
    working.await();
    node.transitions.user().patch(chat, workspace(Change.clear()));
    detached.countDown();
    agent.await(chat, ChatStatus.WAITING);
    assertThat(workspaces).containsExactly(Optional.of(workspace), Optional.empty());
    assertThat(agent.transcript(chat)).last().isEqualTo("assistant: Done.");
  }
}
