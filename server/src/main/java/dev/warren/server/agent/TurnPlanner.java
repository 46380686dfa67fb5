package dev.warren.server.agent;

import dev.warren.server.chat.ChatMessage;
import dev.warren.server.chat.ChatMessage.Role;
import dev.warren.server.chat.StoredPart;
import java.util.List;

/// Says what a chat needs next. A function of committed history and nothing else, so that any
/// worker, at any time, comes to the same answer.
final class TurnPlanner {
  private TurnPlanner() {}

  static Step next(List<ChatMessage> history, int maxSteps) {
    if (history.isEmpty()) {
      return new Step.Finish();
    }
    ChatMessage last = history.getLast();
    return switch (last.role()) {
      case USER, SUMMARY -> new Step.AskModel();
      case TOOL -> ask(history, maxSteps);
      case ASSISTANT -> {
        List<StoredPart.ToolCall> calls = last.toolCalls();
        if (!calls.isEmpty()) {
          yield new Step.RunTools(last, calls);
        }
        // Without a finish the provider paused: it wants its parts back.
        yield last.finish().isPresent() ? new Step.Finish() : ask(history, maxSteps);
      }
    };
  }

  private static Step ask(List<ChatMessage> history, int maxSteps) {
    long steps = turn(history).stream().filter(message -> message.role() == Role.ASSISTANT).count();
    return steps < maxSteps
        ? new Step.AskModel()
        : new Step.Stop(
            "The turn was stopped after "
                + maxSteps
                + " steps, the limit that the administrator has set. Send a message to go on.");
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

    record RunTools(ChatMessage message, List<StoredPart.ToolCall> calls) implements Step {}

    record Finish() implements Step {}

    /// The turn ends in an error.
    record Stop(String reason) implements Step {}
  }
}
