package dev.warren.llm.openai;

import dev.warren.llm.ModelRequest;
import dev.warren.llm.ReasoningLevel;
import dev.warren.llm.StreamEvent;
import dev.warren.llm.wire.AnswerBuilder;
import dev.warren.llm.wire.Endpoint;
import dev.warren.llm.wire.Framing;
import dev.warren.llm.wire.WireFormat;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import tools.jackson.databind.node.ObjectNode;

/// The Chat Completions API of OpenAI and of the many servers that are compatible with it.
///
/// @param paths under the base URL, by model
/// @param kind of opaque data: this format at one host
public record OpenAiChat(
    UnaryOperator<String> paths, String kind, ChatQuirks quirks, Supplier<UUID> callIds)
    implements WireFormat {
  static final String KIND = "openai_chat";
  public static final String PATH = "/chat/completions";

  public static OpenAiChat at(
      Endpoint endpoint, UnaryOperator<String> paths, ChatQuirks quirks, Supplier<UUID> callIds) {
    return new OpenAiChat(paths, KIND + "@" + endpoint.shown(), quirks, callIds);
  }

  @Override
  public String path(String model) {
    return paths.apply(model);
  }

  @Override
  public Map<String, String> headers() {
    return Map.of();
  }

  @Override
  public Framing framing() {
    return Framing.SSE;
  }

  @Override
  public ObjectNode body(ModelRequest request) {
    return new OpenAiChatRequest(request, kind, quirks).body();
  }

  @Override
  public ObjectNode reasoning(String model, ReasoningLevel level) {
    return quirks.reasoning().of(level);
  }

  @Override
  public AnswerStream answer(Consumer<StreamEvent> events) {
    return new OpenAiChatAnswer(new AnswerBuilder(events, callIds), kind);
  }
}
