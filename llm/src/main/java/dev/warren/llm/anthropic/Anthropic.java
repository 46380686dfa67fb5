package dev.warren.llm.anthropic;

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

/// Anthropic's Messages API, at Anthropic and in the clouds that sell its models: those have the
/// model in the path and the version in the body. They take each other's signatures.
///
/// @param paths under the base URL, by model
/// @param host where it is spoken
public record Anthropic(UnaryOperator<String> paths, Host host, Supplier<UUID> callIds)
    implements WireFormat {
  static final String KIND = "anthropic";

  public enum Host {
    /// Anthropic itself, and Foundry.
    OWN("2023-06-01", Framing.SSE),
    BEDROCK("bedrock-2023-05-31", Framing.WRAPPED),
    VERTEX("vertex-2023-10-16", Framing.SSE);

    private final String version;
    private final Framing framing;

    Host(String version, Framing framing) {
      this.version = version;
      this.framing = framing;
    }
  }

  /// At Anthropic. Its base URL is without the version; people paste it with.
  public static Anthropic at(Endpoint endpoint, Supplier<UUID> callIds) {
    String path = endpoint.base().getPath().matches(".*/v1/?") ? "/messages" : "/v1/messages";
    return new Anthropic(model -> path, Host.OWN, callIds);
  }

  @Override
  public String path(String model) {
    return paths.apply(model);
  }

  @Override
  public Map<String, String> headers() {
    return host == Host.OWN ? Map.of("anthropic-version", host.version) : Map.of();
  }

  @Override
  public Framing framing() {
    return host.framing;
  }

  @Override
  public ObjectNode body(ModelRequest request) {
    ObjectNode body = new AnthropicRequest(request).body();
    if (host == Host.OWN) {
      return body;
    }
    body.remove("model");
    if (host == Host.BEDROCK) {
      body.remove("stream");
    }
    ObjectNode versioned = body.objectNode();
    return versioned.put("anthropic_version", host.version).setAll(body);
  }

  @Override
  public ObjectNode reasoning(String model, ReasoningLevel level) {
    return AnthropicModels.thinking(model, level);
  }

  @Override
  public AnswerStream answer(Consumer<StreamEvent> events) {
    return new AnthropicAnswer(new AnswerBuilder(events, callIds));
  }
}
