package dev.warren.llm.google;

import dev.warren.llm.ReasoningLevel;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What differs between Gemini's models, as data (Google's page on thinking, November 2026).
final class GeminiModels {
  /// Models that refuse a wish for their thoughts.
  private static final List<String> WITHOUT_THOUGHTS =
      List.of("gemini-1", "gemini-2.0", "gemma", "learnlm");

  /// Models from before calls had signatures.
  private static final List<String> WITHOUT_SIGNATURES =
      List.of("gemini-1", "gemini-2", "gemma", "learnlm");

  private GeminiModels() {}

  /// Whether a call in the history that has no signature is refused.
  static boolean wantsSignatures(String model) {
    String name = model.substring(model.lastIndexOf('/') + 1);
    return WITHOUT_SIGNATURES.stream().noneMatch(name::startsWith);
  }

  /// The members of `thinkingConfig` that ask for a level; Gemini 2.5 takes a number of tokens.
  static ObjectNode thinking(String model, ReasoningLevel level) {
    ObjectNode members = JsonNodeFactory.instance.objectNode();
    return model.contains("gemini-2.5")
        ? members.put("thinkingBudget", level.tokens())
        : members.put("thinkingLevel", level.toString());
  }

  static boolean thinks(String model) {
    String name = model.substring(model.lastIndexOf('/') + 1);
    return WITHOUT_THOUGHTS.stream().noneMatch(name::startsWith);
  }
}
