package dev.warren.llm.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The arguments of a call that come leaf by leaf, as Vertex streams them: each piece names its
/// place by a JSON path of members and indexes, and pieces of one text are put together.
public final class PartialArguments {
  /// The deepest place that a piece may name.
  static final int DEPTH_MAX = 100;

  /// The most items of all lists together.
  static final int ITEMS_MAX = 100_000;

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /// `.name`, `['name']`, `["name"]` or `[0]`.
  private static final Pattern STEP =
      Pattern.compile("\\.([^.\\[\\]]+)|\\['([^']*)'\\]|\\[\"([^\"]*)\"\\]|\\[(\\d{1,5})\\]");

  private final ObjectNode root = NODES.objectNode();
  private int items;

  public ObjectNode tree() {
    return root;
  }

  public void add(JsonNode piece) throws StreamFailure {
    List<Object> path = path(WireJson.string(piece, "jsonPath"));
    JsonNode place = root;
    for (int i = 0; i < path.size() - 1; i++) {
      place = step(place, path.get(i), path.get(i + 1) instanceof Integer);
    }
    Object last = path.getLast();
    JsonNode before = last instanceof Integer index ? place.path(index) : place.path((String) last);
    set(place, last, value(piece, before));
  }

  private static JsonNode value(JsonNode piece, JsonNode before) {
    if (piece.has("numberValue")) {
      return piece.path("numberValue");
    }
    if (piece.has("boolValue")) {
      return piece.path("boolValue");
    }
    if (piece.has("nullValue")) {
      return NODES.nullNode();
    }
    String text = before.isString() ? before.stringValue() : "";
    return NODES.stringNode(text + WireJson.string(piece, "stringValue"));
  }

  private static List<Object> path(String text) throws StreamFailure {
    List<Object> path = new ArrayList<>();
    Matcher matcher = STEP.matcher(text);
    int at = text.startsWith("$") ? 1 : 0;
    while (at < text.length()) {
      if (!matcher.find(at) || matcher.start() != at || path.size() >= DEPTH_MAX) {
        throw StreamFailure.malformed("an argument whose place is no path");
      }
      at = matcher.end();
      if (matcher.group(4) != null) {
        path.add(Integer.valueOf(matcher.group(4)));
      } else {
        path.add(
            matcher.group(1) != null
                ? matcher.group(1)
                : matcher.group(2) != null ? matcher.group(2) : matcher.group(3));
      }
    }
    if (path.isEmpty()) {
      throw StreamFailure.malformed("an argument without a place");
    }
    return path;
  }

  private JsonNode step(JsonNode place, Object step, boolean list) throws StreamFailure {
    JsonNode next = step instanceof Integer index ? place.path(index) : place.path((String) step);
    if (next.isContainer()) {
      return next;
    }
    JsonNode made = list ? NODES.arrayNode() : NODES.objectNode();
    set(place, step, made);
    return made;
  }

  private void set(JsonNode place, Object step, JsonNode value) throws StreamFailure {
    if (place instanceof ObjectNode object && step instanceof String name) {
      object.set(name, value);
    } else if (place instanceof ArrayNode array
        && step instanceof Integer index
        && items + index - array.size() < ITEMS_MAX) {
      while (array.size() <= index) {
        array.addNull();
        items++;
      }
      array.set(index, value);
    } else {
      throw StreamFailure.malformed("an argument whose place is taken");
    }
  }
}
