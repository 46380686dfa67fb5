package dev.warren.llm;

import java.util.List;

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

  static boolean thinks(String model) {
    String name = model.substring(model.lastIndexOf('/') + 1);
    return WITHOUT_THOUGHTS.stream().noneMatch(name::startsWith);
  }
}
