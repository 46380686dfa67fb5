package dev.warren.scripted;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a script looks at in a request, whatever its format.
///
/// @param format `anthropic` or `openai`
/// @param round number of rounds of tool results since the newest user message
/// @param inputChars size of the request, for an estimate of its tokens
record Conversation(
    String format,
    String model,
    String system,
    String lastUser,
    Set<String> tools,
    List<Result> results,
    int round,
    boolean stream,
    boolean streamUsage,
    long inputChars) {

  Conversation {
    tools = Set.copyOf(tools);
    results = List.copyOf(results);
  }

  /// @param name of the tool that was called
  /// @param round in which it came, counted from the newest user message; 0 for older ones
  record Result(String name, String content, boolean error, int round) {}

  /// The newest result of a tool.
  Optional<Result> newest(String tool) {
    return newest(tool, 1);
  }

  /// @param count 1 for the newest result of the tool, 2 for the one before it, …
  Optional<Result> newest(String tool, int count) {
    return results.reversed().stream()
        .filter(r -> r.name().equals(tool))
        .skip(Math.max(0, count - 1))
        .findFirst();
  }

  /// Results that the model has not answered yet.
  List<Result> lastRound() {
    return round == 0 ? List.of() : results.stream().filter(r -> r.round() == round).toList();
  }
}
