package dev.warren.llm.bedrock;

import dev.warren.llm.ModelRequest;
import dev.warren.llm.ReasoningLevel;
import dev.warren.llm.StreamEvent;
import dev.warren.llm.anthropic.AnthropicModels;
import dev.warren.llm.openai.ChatQuirks;
import dev.warren.llm.wire.AnswerBuilder;
import dev.warren.llm.wire.Framing;
import dev.warren.llm.wire.WireFormat;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Bedrock's ConverseStream API, one format for models of many makers.
public record Converse(Supplier<UUID> callIds) implements WireFormat {
  static final String KIND = "bedrock_converse";

  @Override
  public String path(String model) {
    return modelPath(model) + "/converse-stream";
  }

  /// Names may be ARNs, whose colons and slashes are escaped.
  public static String modelPath(String model) {
    return "/model/" + URLEncoder.encode(model, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public Map<String, String> headers() {
    return Map.of();
  }

  @Override
  public Framing framing() {
    return Framing.FRAMES;
  }

  @Override
  public ObjectNode body(ModelRequest request) {
    return new ConverseRequest(request).body();
  }

  /// Converse has no word for it: what the model's maker has goes along as it is.
  @Override
  public ObjectNode reasoning(String model, ReasoningLevel level) {
    ObjectNode options = JsonNodeFactory.instance.objectNode();
    options.set(
        "additionalModelRequestFields",
        model.contains("anthropic.")
            ? AnthropicModels.thinking(model, level)
            : ChatQuirks.Reasoning.EFFORT.of(level));
    return options;
  }

  @Override
  public AnswerStream answer(Consumer<StreamEvent> events) {
    return new ConverseAnswer(new AnswerBuilder(events, callIds));
  }
}
