package dev.warren.llm;

import java.util.List;

/// What differs between Gemini's models, as data (Google's page on thinking, November 2026).
final class GeminiModels {
  /// Models that refuse a wish for their thoughts.
  private static final List<String> WITHOUT_THOUGHTS =
      List.of("gemini-1", "gemini-2.0", "gemma", "learnlm");

  private GeminiModels() {}

  static boolean thinks(String model) {
    String name = model.substring(model.lastIndexOf('/') + 1);
    return WITHOUT_THOUGHTS.stream().noneMatch(name::startsWith);
  }
}
