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
import tools.jackson.databind.node.ObjectNode;

/// OpenAI's Responses API, stateless.
///
/// @param path under the base URL
/// @param kind of opaque data: this format at one host
public record OpenAiResponses(String path, String kind, Supplier<UUID> callIds)
    implements WireFormat {
  static final String KIND = "openai_responses";
  public static final String PATH = "/responses";

  public static OpenAiResponses at(Endpoint endpoint, String path, Supplier<UUID> callIds) {
    return new OpenAiResponses(path, KIND + "@" + endpoint.shown(), callIds);
  }

  @Override
  public String path(String model) {
    return path;
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
    return new ResponsesRequest(request, kind).body();
  }

  @Override
  public ObjectNode reasoning(String model, ReasoningLevel level) {
    return ChatQuirks.Reasoning.NESTED.of(level);
  }

  @Override
  public AnswerStream answer(Consumer<StreamEvent> events) {
    return new ResponsesAnswer(new AnswerBuilder(events, callIds), kind);
  }
}
