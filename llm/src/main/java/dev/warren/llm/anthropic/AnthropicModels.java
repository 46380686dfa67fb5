package dev.warren.llm.anthropic;

import dev.warren.llm.ReasoningLevel;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What differs between Anthropic's models, as data (its models overview, November 2026).
public final class AnthropicModels {
  /// For models that are not listed: every model since Claude 4 takes it.
  private static final int OUTPUT_TOKENS = 32_000;

  private static final Map<String, Integer> OLDER =
      Map.of(
          "claude-3-haiku", 4_096,
          "claude-3-opus", 4_096,
          "claude-3-sonnet", 4_096,
          "claude-3-5-", 8_192);

  /// Models that are given a number of tokens to think with; newer ones decide themselves, within
  /// an effort (Anthropic's page on adaptive thinking, November 2026).
  private static final List<String> WITH_BUDGET =
      List.of(
          "claude-2",
          "claude-3",
          "claude-instant",
          "haiku-4-5",
          "opus-4-0",
          "opus-4-1",
          "opus-4-2025",
          "opus-4-5",
          "opus-4@",
          "sonnet-4-0",
          "sonnet-4-2025",
          "sonnet-4-5",
          "sonnet-4@");

  private AnthropicModels() {}

  /// The members of a request that ask for a level.
  public static ObjectNode thinking(String model, ReasoningLevel level) {
    ObjectNode members = JsonNodeFactory.instance.objectNode();
    if (level == ReasoningLevel.OFF) {
      members.putObject("thinking").put("type", "disabled");
    } else if (WITH_BUDGET.stream().anyMatch(model::contains)) {
      members.putObject("thinking").put("type", "enabled").put("budget_tokens", level.tokens());
    } else {
      members.putObject("thinking").put("type", "adaptive");
      members.putObject("output_config").put("effort", level.effort());
    }
    return members;
  }

  /// The limit of an answer when an administrator gave none. Names may carry a host's prefix.
  static int outputTokens(String model) {
    return OLDER.entrySet().stream()
        .filter(entry -> model.contains(entry.getKey()))
        .mapToInt(Map.Entry::getValue)
        .findFirst()
        .orElse(OUTPUT_TOKENS);
  }
}
