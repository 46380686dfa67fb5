package dev.warren.scripted;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.warren.scripted.Script.Pace;
import dev.warren.scripted.Script.When;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// One thing that a scripted answer does. In the script its kind shows by its members.
@JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
@JsonSubTypes({
  @JsonSubTypes.Type(Step.Text.class),
  @JsonSubTypes.Type(Step.Reasoning.class),
  @JsonSubTypes.Type(Step.Redacted.class),
  @JsonSubTypes.Type(Step.Call.class),
  @JsonSubTypes.Type(Step.Repeat.class),
  @JsonSubTypes.Type(Step.Wait.class),
  @JsonSubTypes.Type(Step.Stop.class),
  @JsonSubTypes.Type(Step.Billed.class),
  @JsonSubTypes.Type(Step.Status.class),
  @JsonSubTypes.Type(Step.Fault.class),
  @JsonSubTypes.Type(Step.Choose.class)
})
public sealed interface Step {

  record Text(String text, Optional<Pace> pace) implements Step {}

  /// @param signature made from the text when absent, and checked when it comes back
  record Reasoning(String reasoning, Optional<String> signature) implements Step {}

  /// Thinking that only the provider can read; left out in the OpenAI format.
  record Redacted(String redactedReasoning) implements Step {}

  record Call(CallSpec call) implements Step {}

  /// @param input an object, the strings in it are templates
  /// @param raw arguments to send instead, well formed or not
  record CallSpec(String name, Optional<JsonNode> input, Optional<String> raw) {}

  record Repeat(RepeatSpec repeat) implements Step {}

  /// Many small pieces of text, for benchmarks.
  ///
  /// @param text of each piece
  /// @param stamp each piece is `@` and the sender's `System.nanoTime()` and a blank instead
  /// @param perSecond as fast as possible when absent
  /// @param batch how many go out in one write, 1 when absent
  record RepeatSpec(
      int count,
      Optional<String> text,
      Optional<Boolean> stamp,
      Optional<Integer> perSecond,
      Optional<Integer> batch) {}

  record Wait(int waitMs) implements Step {}

  /// @param stop `stop`, `tool_use`, `length`, `refusal` or `pause`; by the calls when absent
  record Stop(String stop) implements Step {}

  record Billed(UsageSpec usage) implements Step {}

  /// Figures as people count them: the input is the whole of it. What is absent is estimated.
  record UsageSpec(
      Optional<Long> inputTokens,
      Optional<Long> outputTokens,
      Optional<Long> cacheReadTokens,
      Optional<Long> cacheWriteTokens,
      Optional<Long> reasoningTokens) {
    static final UsageSpec ESTIMATED =
        new UsageSpec(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
  }

  /// An error instead of an answer; must stand first.
  ///
  /// @param type of the error, the usual one of the status when absent
  record Status(
      int status,
      Optional<Double> retryAfterS,
      Optional<Integer> retryAfterMs,
      Optional<String> type,
      Optional<String> message)
      implements Step {}

  record Fault(FaultSpec fault) implements Step {}

  /// What goes wrong at this point of the answer.
  ///
  /// @param kind `cut` (the connection is closed), `end` (the stream ends properly, the answer does
  ///   not), `stall` (nothing comes any more), `malformed` (an event that is no JSON), `error` (an
  ///   error event)
  record FaultSpec(String kind, Optional<String> type, Optional<String> message) {}

  record Choose(List<Choice> choose) implements Step {}

  /// The first whose condition holds is played.
  record Choice(Optional<When> when, List<Step> steps) {
    public Choice {
      steps = Script.orEmpty(steps);
    }
  }
}
