package dev.warren.llm;

import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/// Anthropic's Messages API, version 2023-06-01.
record Anthropic(Endpoint endpoint, Supplier<UUID> callIds) implements WireFormat {
  static final String KIND = "anthropic";

  @Override
  public String path() {
    // The official base URL is without the version; people paste it with.
    return endpoint.base().getPath().matches(".*/v1/?") ? "/messages" : "/v1/messages";
  }

  @Override
  public Map<String, String> headers(Optional<Secret> apiKey) {
    return apiKey
        .map(key -> Map.of("anthropic-version", "2023-06-01", "x-api-key", key.reveal()))
        .orElseGet(() -> Map.of("anthropic-version", "2023-06-01"));
  }

  @Override
  public ObjectNode body(ModelRequest request) {
    return new AnthropicRequest(request).body();
  }

  @Override
  public AnswerStream answer(Consumer<StreamEvent> events) {
    return new AnthropicAnswer(new AnswerBuilder(events, callIds));
  }
}
