package dev.warren.llm;

import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Data that only the provider that made it understands.
///
/// @param kind who that is: a wire format such as `anthropic`, whose providers take each other's
///   data, or one with a host, such as `openai_chat@api.example.com`
public record Opaque(String kind, JsonNode data) {

  /// A copy of what the provider said of a part, when it was this one and said an object.
  public static Optional<ObjectNode> own(Part part, String kind) {
    return part.opaque()
        .filter(opaque -> opaque.kind().equals(kind))
        .map(Opaque::data)
        .filter(ObjectNode.class::isInstance)
        .map(data -> ((ObjectNode) data).deepCopy());
  }
}
