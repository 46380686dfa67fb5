package dev.warren.llm.wire;

import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What a provider's own tool found, for people: without the encrypted copies of whole pages, which
/// stay in the opaque data.
public final class Sources {
  private static final Set<String> HIDDEN =
      Set.of("encrypted_content", "encrypted_index", "encrypted_stdout", "data");

  private Sources() {}

  public static JsonNode readable(JsonNode content) {
    return switch (content) {
      case ArrayNode array -> {
        ArrayNode copy = JsonNodeFactory.instance.arrayNode();
        array.forEach(item -> copy.add(readable(item)));
        yield copy;
      }
      case ObjectNode object -> {
        ObjectNode copy = JsonNodeFactory.instance.objectNode();
        object.properties().stream()
            .filter(member -> !HIDDEN.contains(member.getKey()))
            .forEach(member -> copy.set(member.getKey(), readable(member.getValue())));
        yield copy;
      }
      default ->
          content.isString()
              ? JsonNodeFactory.instance.stringNode(CleanText.clean(content.stringValue()))
              : content.isMissingNode() ? JsonNodeFactory.instance.nullNode() : content;
    };
  }
}
