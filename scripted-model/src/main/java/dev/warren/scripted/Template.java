package dev.warren.scripted;

import dev.warren.protocol.Json;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Fills `{{…}}` in a script's strings: `last_user`, `model`, `error` (what the last failed tool
/// said), `match.1` (and `digits.1`, for a number in words), `tool_result.NAME` and
/// `tool_result.NAME.member.0.member`; `NAME#2` is the result before the newest. Several may be
/// separated by `|`: the first that is there counts, and nothing when none is.
final class Template {
  private static final Pattern PLACE = Pattern.compile("\\{\\{([^{}]+)}}");

  private final Conversation conversation;
  private final Map<String, String> captures;

  Template(Conversation conversation, Map<String, String> captures) {
    this.conversation = conversation;
    this.captures = Map.copyOf(captures);
  }

  String fill(String text) {
    Matcher matcher = PLACE.matcher(text);
    StringBuilder filled = new StringBuilder();
    while (matcher.find()) {
      matcher.appendReplacement(filled, Matcher.quoteReplacement(firstOf(matcher.group(1))));
    }
    return matcher.appendTail(filled).toString();
  }

  /// A copy with all strings filled.
  JsonNode fill(JsonNode node) {
    return switch (node) {
      case ObjectNode object -> {
        ObjectNode copy = JsonNodeFactory.instance.objectNode();
        object.properties().forEach(m -> copy.set(m.getKey(), fill(m.getValue())));
        yield copy;
      }
      case ArrayNode array -> {
        ArrayNode copy = JsonNodeFactory.instance.arrayNode();
        array.forEach(item -> copy.add(fill(item)));
        yield copy;
      }
      default ->
          node.isString() ? JsonNodeFactory.instance.stringNode(fill(node.stringValue())) : node;
    };
  }

  private String firstOf(String alternatives) {
    for (String name : alternatives.split("\\|")) {
      Optional<String> value = value(name.strip());
      if (value.isPresent()) {
        return value.get();
      }
    }
    return "";
  }

  private Optional<String> value(String name) {
    return switch (name) {
      case "last_user" -> Optional.of(conversation.lastUser());
      case "model" -> Optional.of(conversation.model());
      case "error" ->
          conversation.lastRound().stream()
              .filter(Conversation.Result::error)
              .map(Conversation.Result::content)
              .findFirst();
      default -> path(name);
    };
  }

  private Optional<String> path(String name) {
    if (captures.containsKey(name)) {
      return Optional.ofNullable(captures.get(name));
    }
    String[] path = name.split("\\.");
    if (!path[0].equals("tool_result") || path.length < 2) {
      return Optional.empty();
    }
    try {
      Optional<String> content = conversation.newest(path[1]).map(Conversation.Result::content);
      if (path.length == 2 || content.isEmpty()) {
        return content;
      }
      JsonNode node = Json.LENIENT.readTree(content.get());
      for (int i = 2; i < path.length; i++) {
        node = node.isArray() ? node.path(Integer.parseInt(path[i])) : node.path(path[i]);
      }
      return node.isMissingNode() || node.isNull()
          ? Optional.empty()
          : Optional.of(node.isString() ? node.stringValue().stripTrailing() : node.toString());
    } catch (JacksonException | NumberFormatException e) {
      return Optional.empty();
    }
  }
}
