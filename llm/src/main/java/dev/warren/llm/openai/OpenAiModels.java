package dev.warren.llm.openai;

import java.util.List;

/// What differs between OpenAI's models, as data (its models page, November 2026). Deployments of
/// Azure may have any name; those count as newer models.
final class OpenAiModels {
  /// Models that do not reason refuse a wish for their encrypted reasoning.
  private static final List<String> WITHOUT_REASONING =
      List.of("gpt-3.5", "gpt-35", "gpt-4", "chatgpt-4o");

  private OpenAiModels() {}

  /// Whether the model thinks before it answers. Names may carry an owner's prefix.
  static boolean reasons(String model) {
    String name = model.substring(model.lastIndexOf('/') + 1);
    return WITHOUT_REASONING.stream().noneMatch(name::startsWith);
  }
}
