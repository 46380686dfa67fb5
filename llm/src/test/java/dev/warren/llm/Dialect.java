package dev.warren.llm;

import dev.warren.llm.ProviderSettings.Aws;
import dev.warren.llm.ProviderSettings.Azure;
import dev.warren.llm.ProviderSettings.Cloud;
import dev.warren.llm.ProviderSettings.Google;
import dev.warren.llm.ProviderSettings.Network;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// Each way in which a provider is asked, against a server that speaks all formats.
enum Dialect {
  ANTHROPIC("anthropic", "", "scripted", Cloud.NONE),
  OPENAI("openai", "/v1", "scripted", Cloud.NONE),
  OPENAI_CHAT("openai", "/v1", "scripted", cloud("chat", "")),
  COMPATIBLE("openai_compatible", "/v1", "scripted", Cloud.NONE),
  GOOGLE("google", "", "gemini-scripted", Cloud.NONE),
  VERTEX("vertex", "", "gemini-scripted", project()),
  VERTEX_CLAUDE("vertex", "", "claude-scripted", project()),
  AZURE("azure", "", "scripted", Cloud.NONE),
  AZURE_OLD("azure", "", "scripted", cloud("", "2024-10-21")),
  FOUNDRY_CLAUDE("azure", "", "claude-scripted", Cloud.NONE),
  BEDROCK("bedrock", "", "us.anthropic.claude-scripted-v1:0", cloud("", "")),
  BEDROCK_MESSAGES("bedrock", "", "us.anthropic.claude-scripted-v1:0", cloud("messages", ""));

  private final String kind;
  private final String path;
  private final String model;
  private final Cloud cloud;

  Dialect(String kind, String path, String model, Cloud cloud) {
    this.kind = kind;
    this.path = path;
    this.model = model;
    this.cloud = cloud;
  }

  private static Cloud project() {
    Google google = new Google(Optional.of("proj-1"), Optional.of("europe-west4"));
    return new Cloud(Optional.empty(), google, Aws.NONE, Azure.NONE);
  }

  private static Cloud cloud(String api, String apiVersion) {
    return new Cloud(
        some(api),
        Google.NONE,
        new Aws(Optional.of("us-east-1"), Optional.empty(), Optional.empty()),
        new Azure(Optional.empty(), Optional.empty(), some(apiVersion)));
  }

  private static Optional<String> some(String text) {
    return Optional.of(text).filter(t -> !t.isEmpty());
  }

  String model() {
    return model;
  }

  /// Whether arguments are text, which may be broken, and not a tree.
  boolean rawArguments() {
    return this != GOOGLE && this != VERTEX;
  }

  boolean countsReasoning() {
    return this != BEDROCK;
  }

  /// @param root of the server, without a path
  ProviderSettings settings(String root, String key, Duration silence) {
    return new ProviderSettings(
        kind,
        Optional.of(URI.create(root + path)),
        Optional.of(new Secret(key)),
        Map.of("X-Team", "blue"),
        silence,
        cloud,
        Network.NONE);
  }
}
