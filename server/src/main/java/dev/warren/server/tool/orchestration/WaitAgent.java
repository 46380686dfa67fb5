package dev.warren.server.tool.orchestration;

import dev.warren.server.chat.Chat;
import dev.warren.server.chat.ChatMessage;
import dev.warren.server.chat.ChatStatus;
import dev.warren.server.chat.Finish;
import dev.warren.server.chat.LedgerStore;
import dev.warren.server.chat.StoredPart;
import dev.warren.server.db.Shield;
import dev.warren.server.tool.Field;
import dev.warren.server.tool.Tool;
import dev.warren.server.tool.ToolContext;
import dev.warren.server.tool.ToolFailure;
import dev.warren.server.tool.ToolResult;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/// `wait_agent`: waits until a sub-agent has an answer, and gives it. A worker that takes the chat
/// over after a crash waits on.
public final class WaitAgent implements Tool<WaitAgent.Input> {
  static final int TIMEOUT_S_DEFAULT = 300;
  static final int TIMEOUT_S_MAX = 14_400;

  /// Characters of an answer; what is beyond is asked for with a message.
  static final int ANSWER_CHARS_MAX = 32 * 1024;

  /// What is left for the answer when the wait is over.
  private static final Duration RESERVE = Duration.ofSeconds(10);

  private final SubAgents agents;
  private final ChatWatch watch;
  private final LedgerStore ledger;

  WaitAgent(SubAgents agents, ChatWatch watch, LedgerStore ledger) {
    this.agents = agents;
    this.watch = watch;
    this.ledger = ledger;
  }

  public record Input(
      UUID chatId,
      @Field(value = "300 by default", min = 0, max = TIMEOUT_S_MAX) Optional<Integer> timeoutS) {}

  /// @param answer the newest text that the sub-agent has written
  /// @param lastError why it stopped, with the status `error`
  /// @param timedOut it works on
  /// @param note what the status asks for
  record Output(
      String chatId,
      String status,
      String answer,
      Optional<String> lastError,
      Optional<Boolean> timedOut,
      Optional<String> note) {}

  @Override
  public String name() {
    return "wait_agent";
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
  public Class<Input> inputType() {
    return Input.class;
  }

  @Override
  public Duration timeout(Input input) {
    return wait(input).plus(RESERVE);
  }

  @Override
  public boolean polls() {
    return true;
  }

  @Override
  public boolean waits() {
    return true;
  }

  @Override
  public ToolResult execute(ToolContext context, Input input) throws InterruptedException {
    Chat before = agents.child(context, input.chatId());
    Chat child =
        watch
            .await(before.id(), chat -> hasNews(context, chat), wait(input))
            .orElseThrow(() ->
                new ToolFailure("The sub-agent " + input.chatId() + " was deleted meanwhile."));
    return ToolResult.of(output(child, !hasNews(context, child)));
  }

  @Override
  public ToolResult cancel(ToolContext context, Input input) {
    return ToolResult.error("The user interrupted the turn, and with it the sub-agent.");
  }

  private static Duration wait(Input input) {
    return Duration.ofSeconds(input.timeoutS().orElse(TIMEOUT_S_DEFAULT));
  }

  /// A sub-agent that waits for the user's decision is news once: whoever was told so and waits
  /// again wants what comes after it.
  private boolean hasNews(ToolContext context, Chat child) {
    return switch (child.status()) {
      case WAITING, ERROR -> true;
      case REQUIRES_ACTION ->
          Shield.call(() ->
              !ledger.toldSince(
                  context.chatId(), name(), child.id().toString(), child.statusSince()));
      case PENDING, RUNNING, INTERRUPTING -> false;
    };
  }

  private Output output(Chat child, boolean timedOut) {
    Optional<ChatMessage> last = Shield.call(() -> agents.store().lastAnswer(child.id()));
    String answer = last.map(WaitAgent::text).orElse("");
    boolean cut = answer.length() > ANSWER_CHARS_MAX;
    return new Output(
        child.id().toString(),
        SubAgents.status(child),
        cut ? head(answer) : answer,
        child.lastError(),
        timedOut ? Optional.of(true) : Optional.empty(),
        note(child, last, timedOut, cut));
  }

  private static Optional<String> note(
      Chat child, Optional<ChatMessage> last, boolean timedOut, boolean cut) {
    if (child.status() == ChatStatus.REQUIRES_ACTION) {
      return Optional.of(
          "It waits for the user to allow or deny a call. wait_agent again waits for what comes"
              + " then.");
    }
    if (timedOut) {
      return Optional.of("It works on; wait_agent again, or do something else meanwhile.");
    }
    if (child.status() == ChatStatus.ERROR) {
      return Optional.of("It stopped with an error. message_agent has it try again.");
    }
    if (last.flatMap(ChatMessage::finish).filter(Finish.INTERRUPTED::equals).isPresent()) {
      return Optional.of("It was interrupted before it was done.");
    }
    return cut
        ? Optional.of(
            "The answer is longer than "
                + ANSWER_CHARS_MAX
                + " characters and was cut; ask for the rest with message_agent.")
        : Optional.empty();
  }

  private static String text(ChatMessage message) {
    StringBuilder text = new StringBuilder();
    for (StoredPart part : message.parts()) {
      if (part instanceof StoredPart.Text it) {
        text.append(it.text());
      }
    }
    return text.toString();
  }

  private static String head(String text) {
    int end =
        Character.isHighSurrogate(text.charAt(ANSWER_CHARS_MAX - 1))
            ? ANSWER_CHARS_MAX - 1
            : ANSWER_CHARS_MAX;
    return text.substring(0, end);
  }
}
