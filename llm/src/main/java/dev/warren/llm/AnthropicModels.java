package dev.warren.llm;

import java.util.Map;

/// What differs between Anthropic's models, as data (its models overview, November 2026).
final class AnthropicModels {
  /// For models that are not listed: every model since Claude 4 takes it.
  private static final int OUTPUT_TOKENS = 32_000;

  private static final Map<String, Integer> OLDER =
      Map.of(
          "claude-3-haiku", 4_096,
          "claude-3-opus", 4_096,
          "claude-3-sonnet", 4_096,
          "claude-3-5-", 8_192);

  private AnthropicModels() {}

  /// The limit of an answer when an administrator gave none. Names may carry a host's prefix.
  static int outputTokens(String model) {
    return OLDER.entrySet().stream()
        .filter(entry -> model.contains(entry.getKey()))
        .mapToInt(Map.Entry::getValue)
        .findFirst()
        .orElse(OUTPUT_TOKENS);
  }
}
