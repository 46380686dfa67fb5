package dev.warren.server.agent;

import dev.warren.llm.Completion;
import dev.warren.llm.Message;
import dev.warren.llm.ModelRequest;
import dev.warren.llm.Part;
import dev.warren.llm.ProviderException;
import dev.warren.protocol.Json;
import dev.warren.protocol.UuidV7;
import dev.warren.server.agent.AgentSources.ModelUnavailable;
import dev.warren.server.agent.ModelAnswer.Attempt;
import dev.warren.server.agent.ModelAnswer.Outcome;
import dev.warren.server.agent.compaction.ContextMeter;
import dev.warren.server.agent.compaction.SummaryInstruction;
import dev.warren.server.agent.compaction.SummaryMessage;
import dev.warren.server.agent.compaction.SummaryText;
import dev.warren.server.agent.compaction.TokenScale;
import dev.warren.server.agent.compaction.Transcript;
import dev.warren.server.agent.compaction.Window;
import dev.warren.server.chat.Chat;
import dev.warren.server.chat.ChatMessage;
import dev.warren.server.chat.ChatMessage.MessageUsage;
import dev.warren.server.chat.MessageDraft;
import dev.warren.server.chat.MessageId;
import dev.warren.server.chat.RecordedWork;
import dev.warren.server.model.ModelId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Has a summary written in the place of a chat's history. At most two models' answers are asked
/// for: first at the end of the conversation itself, whose beginning the provider's cache has;
/// then, or when that does not fit, over a transcript of bounded length. When neither is any good
/// the message consists of what the database knows. Nothing is committed here.
final class Compaction {
  /// The chat's own conversation is asked to summarise itself only below this share of the window:
  /// the answer has to fit, too.
  private static final double OWN_SHARE_MAX = 0.9;

  /// A transcript takes this share of the summariser's window.
  private static final double TRANSCRIPT_SHARE = 0.5;

  /// The second transcript is so much shorter than the first, when that was too long.
  private static final int SECOND_TRY = 3;

  /// A transcript's tokens, whatever the window.
  private static final long TRANSCRIPT_TOKENS_MAX = 150_000;

  /// Output tokens of a summariser that is given a transcript.
  private static final int OUTPUT_TOKENS_MAX = 8_192;

  /// The summary's share of a small window.
  private static final double SUMMARY_SHARE = 0.1;

  /// Messages without an answer go on whole; they may take this much of the window.
  private static final double UNANSWERED_SHARE_MAX = 0.5;

  private static final Logger log = LoggerFactory.getLogger(Compaction.class);

  private final AgentParts parts;
  private final Chat chat;
  private final ModelAnswer asking;
  private final Optional<ModelId> summariser;
  private final AgentModel model;
  private final Supplier<ModelRequest> next;
  private final List<ChatMessage> history;
  private final ContextMeter meter;
  private Optional<MessageUsage> spent = Optional.empty();
  private Optional<ModelId> writer = Optional.empty();

  /// Why a chat is compacted.
  enum Cause {
    /// Somebody wants it; the chat waits again afterwards.
    REQUESTED,
    /// The window is as full as it may get.
    FULL,
    /// The provider has found the conversation too long.
    TOO_LONG;

    private String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// @param summariser writes the summary; the chat's own model when absent
  /// @param next what the chat's own model would be asked now
  Compaction(
      AgentParts parts,
      Chat chat,
      ModelAnswer asking,
      Optional<ModelId> summariser,
      AgentModel model,
      Supplier<ModelRequest> next,
      List<ChatMessage> history,
      ContextMeter meter) {
    this.parts = parts;
    this.chat = chat;
    this.asking = asking;
    this.summariser = summariser;
    this.model = model;
    this.next = next;
    this.history = history;
    this.meter = meter;
  }

  /// @param workspace whether one is attached
  Result run(Cause cause, boolean workspace) {
    RecordedWork work = parts.recorded().read(chat.id());
    Window window = model.window();
    SummaryMessage bare = SummaryMessage.of(Optional.empty(), work, workspace, window, scale());
    long unanswered = meter.scale().tokens(bare.unansweredChars());
    if (model.contextLimit() > 0 && unanswered > UNANSWERED_SHARE_MAX * model.contextLimit()) {
      return new Result.Impossible(tooLong(model, " (about " + unanswered + " tokens)"));
    }
    parts.events().compacting(chat.id(), cause.word());
    Asked asked = ask(cause);
    if (asked instanceof Asked.Stopped(StopReason reason)) {
      return new Result.Stopped(reason);
    }
    Optional<String> summary =
        asked instanceof Asked.Text(String text) ? Optional.of(text) : Optional.empty();
    log.info(
        "chat {}: compacted, {}, {}",
        chat.id(),
        cause,
        summary.isPresent() ? "with a summary" : "without a model's summary");
    SummaryMessage message = SummaryMessage.of(summary, work, workspace, window, scale());
    return new Result.Done(
        MessageDraft.summary(
            message.parts(),
            cause == Cause.REQUESTED,
            summary.isPresent() ? writer : Optional.empty(),
            spent),
        new Chat.Context(meter.usedWith(message.chars()), model.contextLimit()));
  }

  /// What to tell people when no summary can help.
  static String tooLong(AgentModel model, String size) {
    return "The newest message alone"
        + size
        + " is too long for the window of the model "
        + model.name()
        + (model.contextLimit() > 0 ? " (" + model.contextLimit() + " tokens)" : "")
        + ": a summary of what was before cannot make room for it. Edit or shorten that message,"
        + " choose a model with a larger window, or clear the conversation.";
  }

  private TokenScale scale() {
    return meter.scale();
  }

  private Asked ask(Cause cause) {
    AgentModel writing = summariser();
    boolean own = writing.id().equals(model.id()) && cause != Cause.TOO_LONG && fits();
    Asked first = own ? askInPlace() : askOver(writing, 1);
    return first instanceof Asked.Nothing(boolean again) && again
        ? askOver(writing, own ? 1 : SECOND_TRY)
        : first;
  }

  private boolean fits() {
    return model.contextLimit() <= 0 || meter.used() < OWN_SHARE_MAX * model.contextLimit();
  }

  /// The administrator's choice, while it can be asked.
  private AgentModel summariser() {
    if (summariser.isEmpty()) {
      return model;
    }
    try {
      return parts.sources().models().find(summariser, chat.ownerId());
    } catch (ModelUnavailable e) {
      log.warn("the model for summaries cannot be asked: {}", e.getMessage());
      return model;
    }
  }

  private Asked askInPlace() {
    ModelRequest own = next.get();
    List<Message> messages = new ArrayList<>(own.messages());
    messages.add(user(SummaryInstruction.TEXT));
    return ask(
        model,
        new ModelRequest(
            own.model(),
            own.system(),
            own.tools(),
            messages,
            own.maxOutputTokens(),
            own.options(),
            own.cacheKey()),
        () -> Transcript.of(history, Integer.MAX_VALUE));
  }

  private Asked askOver(AgentModel writing, int divisor) {
    long tokens = writing.window().part(TRANSCRIPT_SHARE, TRANSCRIPT_TOKENS_MAX) / divisor;
    String transcript =
        Transcript.of(history, (int) Math.min(Integer.MAX_VALUE, scale().chars(tokens)));
    return ask(
        writing,
        new ModelRequest(
            writing.name(),
            SummaryInstruction.SYSTEM,
            List.of(),
            List.of(user(transcript + "\n\n" + SummaryInstruction.TEXT)),
            Optional.of(
                Math.min(OUTPUT_TOKENS_MAX, writing.maxOutputTokens().orElse(OUTPUT_TOKENS_MAX))),
            Json.STRICT.createObjectNode(),
            chat.id() + "-summary"),
        () -> transcript);
  }

  private static Message user(String text) {
    return new Message(Message.Role.USER, List.of(Part.Text.of(text)));
  }

  private Asked ask(AgentModel writing, ModelRequest request, Supplier<String> given) {
    Outcome outcome =
        asking.ask(
            writing,
            request,
            () -> new Attempt(new MessageId(UuidV7.next()), parts.events().unseen(chat.id())));
    return switch (outcome) {
      case Outcome.Done(Completion completion, Attempt attempt) -> {
        spend(writing, completion);
        writer = Optional.of(writing.id());
        yield SummaryText.accept(
                text(completion),
                completion.stopReason() == Completion.StopReason.REFUSAL,
                given.get(),
                summaryChars())
            .<Asked>map(Asked.Text::new)
            .orElse(new Asked.Nothing(true));
      }
      case Outcome.Failed(Throwable cause) -> {
        log.warn("chat {}: no summary came", chat.id(), cause);
        boolean tooLong =
            cause instanceof ProviderException failure
                && failure.kind() == ProviderException.Kind.CONTEXT_TOO_LONG;
        yield new Asked.Nothing(tooLong);
      }
      case Outcome.Stopped(StopReason reason, Attempt attempt, var partial) ->
          new Asked.Stopped(reason);
    };
  }

  private void spend(AgentModel writing, Completion completion) {
    MessageUsage more =
        MessageUsage.of(completion.usage(), writing.cost().apply(completion.usage()));
    spent = Optional.of(spent.map(before -> before.plus(more)).orElse(more));
  }

  private static String text(Completion completion) {
    return completion.parts().stream()
        .filter(Part.Text.class::isInstance)
        .map(part -> ((Part.Text) part).text())
        .collect(Collectors.joining("\n"));
  }

  private int summaryChars() {
    return (int) scale().chars(model.window().part(SUMMARY_SHARE, SummaryText.TOKENS_MAX));
  }

  /// What a summariser gave.
  private sealed interface Asked {
    record Text(String text) implements Asked {}

    /// @param again another way of asking may do
    record Nothing(boolean again) implements Asked {}

    record Stopped(StopReason reason) implements Asked {}
  }

  /// What came of it.
  sealed interface Result {
    /// To be committed.
    record Done(MessageDraft summary, Chat.Context context) implements Result {}

    record Stopped(StopReason reason) implements Result {}

    /// What has to stay alone is too much.
    ///
    /// @param reason for people
    record Impossible(String reason) implements Result {}
  }
}
