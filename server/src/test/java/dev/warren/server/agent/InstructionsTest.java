package dev.warren.server.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.llm.Message;
import dev.warren.llm.ModelRequest;
import dev.warren.llm.Part;
import dev.warren.protocol.UuidV7;
import dev.warren.server.chat.Chat;
import dev.warren.server.chat.ChatId;
import dev.warren.server.chat.ChatMessage;
import dev.warren.server.chat.ChatPatch;
import dev.warren.server.chat.ChatStatus;
import dev.warren.server.chat.Instructions;
import dev.warren.server.chat.InstructionsStore;
import dev.warren.server.chat.KnownInstructions;
import dev.warren.server.chat.StoredPart;
import dev.warren.server.db.PostgresForTests;
import dev.warren.server.http.Change;
import dev.warren.server.workspace.WorkspaceId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Where the instructions of a workspace stand in what a model is sent.
@Timeout(60)
final class InstructionsTest {
  @RegisterExtension static final PostgresForTests postgres = new PostgresForTests();

  private final WorkspaceId workspace = new WorkspaceId(UuidV7.next());
  private final CopyOnWriteArrayList<ModelRequest> requests = new CopyOnWriteArrayList<>();
  private AgentFixture agent;
  private AgentFixture.Node node;

  @BeforeEach
  void start() {
    agent = new AgentFixture(postgres.database(), List.of());
    agent.provider =
        (request, out) -> {
          requests.add(request);
          out.text("answer " + requests.size());
        };
    node = agent.node();
  }

  @AfterEach
  void stop() {
    agent.close();
  }

  private ChatId chat(String text) {
    ChatId chat = agent.chat(node, text);
    agent.await(chat, ChatStatus.WAITING);
    return chat;
  }

  private void attach(ChatId chat, WorkspaceId id) {
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
                Change.set(id),
                Optional.empty(),
                Optional.empty()));
  }

  private void say(ChatId chat, String text) {
    node.transitions.user().send(chat, AgentFixture.user(text), false);
    agent.await(chat, ChatStatus.WAITING);
  }

  /// The texts of the newest request, `role: text`; of instructions the files' contents.
  private List<String> sent() {
    List<String> texts = new ArrayList<>();
    for (Message message : requests.getLast().messages()) {
      String text = ((Part.Text) message.parts().getFirst()).text();
      texts.add(
          text.startsWith("<workspace_instructions>")
              ? "told: "
                  + text.lines()
                      .filter(line -> !line.startsWith("<file"))
                      .filter(line -> !line.startsWith("</"))
                      .skip(2)
                      .toList()
              : message.role() + ": " + text);
    }
    return texts;
  }

  private KnownInstructions known(ChatId id) {
    Chat chat = agent.store.find(id).orElseThrow();
    return new InstructionsStore(postgres.database()).known(chat);
  }

  @Test
  void theyStandWhereTheWorkspaceWasAttachedAndStayThere() {
    agent.instructions.files.put("/home/u/AGENTS.md", "Use tabs.");
    ChatId chat = chat("one");
    assertThat(sent()).containsExactly("USER: one");
    attach(chat, workspace);
    say(chat, "two");
    List<String> second =
        List.of("USER: one", "ASSISTANT: answer 1", "USER: two", "told: [Use tabs.]");
    assertThat(sent()).isEqualTo(second);
    say(chat, "three");
    assertThat(sent()).startsWith(second.toArray(String[]::new)).hasSize(6);
    assertThat(known(chat).files()).containsOnlyKeys("/home/u/AGENTS.md");
    assertThat(agent.store.history(chat))
        .extracting(ChatMessage::role)
        .doesNotContain(ChatMessage.Role.SUMMARY)
        .hasSize(6);
  }

  @Test
  void whatChangedIsToldOnceMoreBehindTheNewestMessage() {
    agent.instructions.files.put("/a/AGENTS.md", "old");
    agent.instructions.files.put("/b/AGENTS.md", "same");
    ChatId chat = chat("one");
    attach(chat, workspace);
    say(chat, "two");
    agent.instructions.files.put("/a/AGENTS.md", "new");
    say(chat, "three");
    assertThat(sent().get(3)).isEqualTo("told: [old, same]");
    assertThat(sent().getLast()).isEqualTo("told: [new]");
    agent.instructions.files.remove("/b/AGENTS.md");
    agent.instructions.skills.add(new Instructions.Skill("deploy", "How to", "/a/SKILL.md"));
    say(chat, "four");
    assertThat(sent().getLast())
        .contains("<gone path=\"/b/AGENTS.md\"/>")
        .contains("- deploy: How to");
    assertThat(known(chat).files()).containsOnlyKeys("/a/AGENTS.md");
    assertThat(known(chat).skill("deploy")).isPresent();
    say(chat, "five");
    assertThat(sent().getLast()).isEqualTo("USER: five");
  }

  @Test
  void anEditTakesThemAwayWithWhatItDropsAndTheyAreToldAnew() {
    agent.instructions.files.put("/a/AGENTS.md", "text");
    ChatId chat = chat("one");
    attach(chat, workspace);
    say(chat, "two");
    ChatMessage first = agent.store.history(chat).getFirst();
    node.transitions.user().edit(chat, first.id(), List.of(StoredPart.Text.of("else")));
    agent.await(chat, ChatStatus.WAITING);
    assertThat(sent()).containsExactly("USER: else", "told: [text]");
  }

  @Test
  void clearingTakesThemAwayAndTheyAreToldAnew() {
    agent.instructions.files.put("/a/AGENTS.md", "text");
    ChatId chat = chat("one");
    attach(chat, workspace);
    say(chat, "two");
    node.transitions.context().clear(chat);
    assertThat(known(chat).files()).isEmpty();
    say(chat, "three");
    assertThat(sent()).containsExactly("USER: three", "told: [text]");
  }

  @Test
  void anotherWorkspaceEndsWhatTheFirstSaid() {
    agent.instructions.files.put("/a/AGENTS.md", "first");
    ChatId chat = chat("one");
    attach(chat, workspace);
    say(chat, "two");
    agent.instructions.files.clear();
    agent.instructions.files.put("/c/AGENTS.md", "second");
    attach(chat, new WorkspaceId(UuidV7.next()));
    say(chat, "three");
    assertThat(sent().getLast()).contains("another workspace").contains("second");
    assertThat(known(chat).files()).containsOnlyKeys("/c/AGENTS.md");
  }

  @Test
  void aWorkspaceThatIsNotThereHoldsNothingUp() {
    agent.instructions.there = false;
    agent.instructions.files.put("/a/AGENTS.md", "text");
    ChatId chat = chat("one");
    attach(chat, workspace);
    say(chat, "two");
    assertThat(sent().getLast()).isEqualTo("USER: two");
    agent.instructions.there = true;
    say(chat, "three");
    assertThat(sent().getLast()).isEqualTo("told: [text]");
  }
}
