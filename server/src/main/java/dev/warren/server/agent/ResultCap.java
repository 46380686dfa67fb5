package dev.warren.server.agent;

import dev.warren.protocol.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// The last guard against a result that would fill the model's window: long strings keep their head
/// and tail. Tools cut by themselves, and better; few results come here.
final class ResultCap {
  /// Characters of a result as JSON.
  static final int RESULT_CHARS_MAX = 128 * 1024;

  private static final int STRING_CHARS_MIN = 1024;

  private ResultCap() {}

  static ObjectNode cap(ObjectNode result) {
    ObjectNode capped = result;
    int stringMax = RESULT_CHARS_MAX / 2;
    while (capped.toString().length() > RESULT_CHARS_MAX && stringMax >= STRING_CHARS_MIN) {
      capped = (ObjectNode) cut(capped, stringMax);
      stringMax /= 4;
    }
    if (capped.toString().length() <= RESULT_CHARS_MAX) {
      return capped;
    }
    return Json.STRICT
        .createObjectNode()
        .put("error", "The result was too large and was dropped. Ask for less of it.");
  }

  private static JsonNode cut(JsonNode node, int stringMax) {
    return switch (node) {
      case StringNode text when text.stringValue().length() > stringMax ->
          StringNode.valueOf(middleOut(text.stringValue(), stringMax));
      case ObjectNode object -> {
        ObjectNode copy = Json.STRICT.createObjectNode();
        object
            .properties()
            .forEach(entry -> copy.set(entry.getKey(), cut(entry.getValue(), stringMax)));
        yield copy;
      }
      case ArrayNode array -> {
        ArrayNode copy = Json.STRICT.createArrayNode();
        array.forEach(item -> copy.add(cut(item, stringMax)));
        yield copy;
      }
      default -> node;
    };
  }

  private static String middleOut(String text, int max) {
    int head = max / 3;
    int tail = max - head;
    if (Character.isHighSurrogate(text.charAt(head - 1))) {
      head--;
    }
    int from = text.length() - tail;
    if (Character.isLowSurrogate(text.charAt(from))) {
      from++;
    }
    return text.substring(0, head)
        + "\n[… "
        + (from - head)
        + " characters were cut …]\n"
        + text.substring(from);
  }
}
