package dev.warren.llm.google;

import dev.warren.llm.ModelRequest;
import dev.warren.llm.ReasoningLevel;
import dev.warren.llm.StreamEvent;
import dev.warren.llm.wire.AnswerBuilder;
import dev.warren.llm.wire.Framing;
import dev.warren.llm.wire.WireFormat;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Google's Gemini models, at the Gemini API and on Vertex, which take each other's signatures.
///
/// @param models the path of a model under the base URL, by its name
public record Gemini(UnaryOperator<String> models, Supplier<UUID> callIds) implements WireFormat {
  static final String KIND = "gemini";
  static final String SIGNATURE = "thoughtSignature";

  @Override
  public String path(String model) {
    return models.apply(model) + ":streamGenerateContent?alt=sse";
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
    return new GeminiRequest(request).body();
  }

  @Override
  public ObjectNode reasoning(String model, ReasoningLevel level) {
    ObjectNode options = JsonNodeFactory.instance.objectNode();
    options
        .putObject("generationConfig")
        .set("thinkingConfig", GeminiModels.thinking(model, level));
    return options;
  }

  @Override
  public AnswerStream answer(Consumer<StreamEvent> events) {
    return new GeminiAnswer(new AnswerBuilder(events, callIds));
  }
}
