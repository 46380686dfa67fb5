package dev.warren.server.agent;

import dev.warren.server.agent.compaction.ContextMeter;
import dev.warren.server.agent.compaction.Window;
import dev.warren.server.chat.ChatMessage;
import dev.warren.server.chat.ChatMessage.Role;
import dev.warren.server.chat.StoredPart;
import java.util.List;

/// Says what a chat needs next. A function of committed history and nothing else, so that any
/// worker, at any time, comes to the same answer.
final class TurnPlanner {
  private TurnPlanner() {}

  /// @param compressedSteps answers of the running turn that a summary has replaced
  static Step next(List<ChatMessage> history, int compressedSteps, int maxSteps) {
    if (history.isEmpty()) {
      return new Step.Finish();
    }
    ChatMessage last = history.getLast();
    return switch (last.role()) {
      case USER -> new Step.AskModel();
      case SUMMARY ->
          last.finish().isPresent() ? new Step.Finish() : ask(history, compressedSteps, maxSteps);
      case TOOL -> ask(history, compressedSteps, maxSteps);
      case ASSISTANT -> {
        List<StoredPart.ToolCall> calls = last.toolCalls();
        if (!calls.isEmpty()) {
          yield new Step.RunTools(last);
        }
        // Without a finish the provider paused: it wants its parts back.
        yield last.finish().isPresent()
            ? new Step.Finish()
            : ask(history, compressedSteps, maxSteps);
      }
    };
  }

  private static Step ask(List<ChatMessage> history, int compressedSteps, int maxSteps) {
    List<ChatMessage> turn = turn(history);
    boolean cut =
        turn.size() < history.size()
            && history.get(history.size() - turn.size() - 1).role() == Role.SUMMARY;
    long steps =
        turn.stream().filter(message -> message.role() == Role.ASSISTANT).count()
            + (cut ? compressedSteps : 0);
    return steps < maxSteps
        ? new Step.AskModel()
        : new Step.Stop(
            "The turn was stopped after "
                + maxSteps
                + " steps, the limit that the administrator has set. Send a message to go on.");
  }

  /// What comes before the model is asked: a summary, when its window is full.
  static Step ask(ContextMeter meter, Window window) {
    return meter.due(window) ? new Step.Compact(Compaction.Cause.FULL) : new Step.AskModel();
  }

  /// The messages since the user's last one.
  static List<ChatMessage> turn(List<ChatMessage> history) {
    for (int i = history.size() - 1; i >= 0; i--) {
      Role role = history.get(i).role();
      if (role == Role.USER || role == Role.SUMMARY) {
        return history.subList(i + 1, history.size());
      }
    }
    return history;
  }

  /// What is next.
  sealed interface Step {
    record AskModel() implements Step {}

    /// A summary takes the history's place.
    record Compact(Compaction.Cause cause) implements Step {}

    record RunTools(ChatMessage message) implements Step {}

    record Finish() implements Step {}

    /// The turn ends in an error.
    record Stop(String reason) implements Step {}
  }
}
