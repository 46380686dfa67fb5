package dev.warren.scripted;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a script looks at in a request, whatever its format.
///
/// @param format as a script names it ([Script.When])
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

  /// A result of a tool.
  ///
  /// @param place the tool's name for its newest result, `NAME#2` for the one before, and so on
  Optional<Result> newest(String place) {
    String[] words = place.split("#", 2);
    int count =
        words.length > 1 && words[1].matches("[1-9]\\d{0,3}") ? Integer.parseInt(words[1]) : 1;
    return results.reversed().stream()
        .filter(r -> r.name().equals(words[0]))
        .skip(count - 1)
        .findFirst();
  }

  /// Results that the model has not answered yet.
  List<Result> lastRound() {
    return round == 0 ? List.of() : results.stream().filter(r -> r.round() == round).toList();
  }
}
