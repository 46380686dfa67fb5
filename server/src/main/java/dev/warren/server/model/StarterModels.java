package dev.warren.server.model;

import dev.warren.llm.KnownModel;
import dev.warren.llm.KnownModels;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Models that a provider found in the environment begins with, the first of which is what most
/// people want (November 2026). Administrators add and remove; the catalogue has the figures.
final class StarterModels {
  private static final Map<String, List<String>> NAMES =
      Map.of(
          "anthropic", List.of("claude-sonnet-5-5", "claude-opus-5-5", "claude-haiku-5-5"),
          "openai", List.of("gpt-6.1-sol", "gpt-6.1-terra", "gpt-6-luna"),
          "google", List.of("gemini-3.8-flash", "gemini-3.1-pro-preview", "gemini-3.5-flash-lite"),
          "azure", List.of("gpt-6.1-sol", "gpt-6.1-terra", "gpt-6-luna"),
          "bedrock",
              List.of(
                  "global.anthropic.claude-sonnet-5-5",
                  "global.anthropic.claude-opus-5-5",
                  "global.anthropic.claude-haiku-5-5"));

  private StarterModels() {}

  static List<KnownModel> of(String kind) {
    return names(kind).stream()
        .flatMap(name -> KnownModels.find(kind, Optional.empty(), name).stream())
        .toList();
  }

  static List<String> names(String kind) {
    return NAMES.getOrDefault(kind, List.of());
  }
}
