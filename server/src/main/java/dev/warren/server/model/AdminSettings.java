package dev.warren.server.model;

import dev.warren.server.http.Problems;
import java.util.List;
import java.util.Optional;

/// What administrators set for all chats; in force from each chat's next step on.
///
/// @param systemPrompt stands after Warren's own; may be empty
/// @param disabledTools names of tools that no chat may use
/// @param maxSteps answers of the model in one turn
public record AdminSettings(String systemPrompt, List<String> disabledTools, int maxSteps) {
  static final int SYSTEM_PROMPT_CHARS_MAX = 32_000;
  static final int DISABLED_TOOLS_MAX = 100;
  static final int MAX_STEPS_MAX = 10_000;

  public AdminSettings {
    disabledTools = List.copyOf(disabledTools);
  }

  /// What is to be another; the absent stays.
  record Patch(
      Optional<String> systemPrompt,
      Optional<List<String>> disabledTools,
      Optional<Integer> maxSteps) {
    Patch {
      if (systemPrompt.filter(text -> text.length() > SYSTEM_PROMPT_CHARS_MAX).isPresent()) {
        throw Problems.badInput(
            "system_prompt", "is longer than " + SYSTEM_PROMPT_CHARS_MAX + " characters");
      }
      if (disabledTools.filter(tools -> tools.size() > DISABLED_TOOLS_MAX).isPresent()) {
        throw Problems.badInput("disabled_tools", "has more than " + DISABLED_TOOLS_MAX + " names");
      }
      if (maxSteps.filter(steps -> steps < 1 || steps > MAX_STEPS_MAX).isPresent()) {
        throw Problems.badInput("max_steps", "is not between 1 and " + MAX_STEPS_MAX);
      }
    }
  }
}
