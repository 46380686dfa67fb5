package dev.warren.llm;

import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/// The Chat Completions API of OpenAI and of the many servers that are compatible with it.
record OpenAiChat(ChatQuirks quirks, Supplier<UUID> callIds) implements WireFormat {
  static final String KIND = "openai_chat";

  @Override
  public String path() {
    return "/chat/completions";
  }

  @Override
  public Map<String, String> headers(Optional<Secret> apiKey) {
    return apiKey.map(key -> Map.of("Authorization", "Bearer " + key.reveal())).orElseGet(Map::of);
  }

  @Override
  public ObjectNode body(ModelRequest request) {
    return new OpenAiChatRequest(request, quirks).body();
  }

  @Override
  public AnswerStream answer(Consumer<StreamEvent> events) {
    return new OpenAiChatAnswer(new AnswerBuilder(events, callIds));
  }
}
