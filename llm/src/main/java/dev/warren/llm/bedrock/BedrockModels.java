package dev.warren.llm.bedrock;

import java.util.List;

/// What differs between Bedrock's models, as data (AWS's pages on prompt caching and on tool use,
/// November 2026). Names may be ids, inference profiles (`eu.anthropic.…`) or ARNs.
final class BedrockModels {
  private static final List<String> CACHING = List.of("anthropic.claude", "amazon.nova");

  /// Claude before it could cache.
  private static final List<String> NOT_CACHING =
      List.of(
          "claude-v2",
          "claude-instant",
          "claude-3-haiku",
          "claude-3-sonnet",
          "claude-3-opus",
          "claude-3-5-sonnet-20240620");

  /// Nova caches system prompt and messages, but refuses a point among the tools.
  private static final String CACHING_NO_TOOLS = "amazon.nova";

  private BedrockModels() {}

  static boolean caches(String model) {
    return CACHING.stream().anyMatch(model::contains)
        && NOT_CACHING.stream().noneMatch(model::contains);
  }

  static boolean cachesTools(String model) {
    return caches(model) && !model.contains(CACHING_NO_TOOLS);
  }
}
