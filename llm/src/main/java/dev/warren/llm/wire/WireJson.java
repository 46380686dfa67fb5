package dev.warren.llm.wire;

import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// JSON as providers write it: trees, of which only what is known is looked at.
public final class WireJson {
  /// Deepest nesting that is read.
  static final int DEPTH_MAX = 200;

  /// The largest integer that every reader of JSON holds exactly.
  private static final long NUMBER_MAX = (1L << 53) - 1;

  public static final JsonMapper MAPPER = mapper(false);

  /// Doubled keys in a tool's arguments are an error of the model, which must hear of it.
  private static final JsonMapper ARGUMENTS = mapper(true);

  private WireJson() {}

  private static JsonMapper mapper(boolean refuseDoubledKeys) {
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH_MAX)
                    .maxStringLength(SseReader.EVENT_BYTES_MAX)
                    .build())
            .configure(StreamReadFeature.STRICT_DUPLICATE_DETECTION, refuseDoubledKeys)
            .build();
    return JsonMapper.builder(factory)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .build();
  }

  /// The object in `json`, or nothing when it is no object.
  public static Optional<ObjectNode> object(String json) {
    return object(MAPPER, json);
  }

  private static Optional<ObjectNode> object(JsonMapper mapper, String json) {
    try {
      return mapper.readTree(json) instanceof ObjectNode object
          ? Optional.of(object)
          : Optional.empty();
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  /// A tool's arguments: `{}` for none, a text node with them when they are no object.
  public static JsonNode arguments(String raw) {
    if (raw.isBlank()) {
      return JsonNodeFactory.instance.objectNode();
    }
    return object(ARGUMENTS, raw)
        .<JsonNode>map(o -> o)
        .orElseGet(() -> JsonNodeFactory.instance.stringNode(raw));
  }

  /// A copy in which all text is clean ([CleanText]).
  public static JsonNode clean(JsonNode node) {
    return switch (node) {
      case ObjectNode object -> {
        ObjectNode copy = JsonNodeFactory.instance.objectNode();
        object
            .properties()
            .forEach(m -> copy.set(CleanText.clean(m.getKey()), clean(m.getValue())));
        yield copy;
      }
      case ArrayNode array -> {
        ArrayNode copy = JsonNodeFactory.instance.arrayNode();
        array.forEach(item -> copy.add(clean(item)));
        yield copy;
      }
      default ->
          node.isString()
              ? JsonNodeFactory.instance.stringNode(CleanText.clean(node.stringValue()))
              : node;
    };
  }

  /// A member that is a string, else the empty string.
  public static String string(JsonNode node, String member) {
    JsonNode value = node.path(member);
    return value.isString() ? value.stringValue() : "";
  }

  /// A member that is a number, without its fraction, else 0. What is too large for JSON's own
  /// integers counts as the largest, so that sums of a few do not overflow.
  public static long number(JsonNode node, String member) {
    JsonNode value = node.path(member);
    if (!value.isNumber()) {
      return 0;
    }
    Number number = value.numberValue();
    long whole =
        number instanceof Integer || number instanceof Long
            ? number.longValue()
            : (long) number.doubleValue();
    return Math.clamp(whole, -NUMBER_MAX, NUMBER_MAX);
  }
}
