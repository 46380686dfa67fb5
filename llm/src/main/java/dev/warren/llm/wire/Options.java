package dev.warren.llm.wire;

import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// An administrator's own members of a request: they replace the adapter's, and `null` takes a
/// member out (for servers that refuse one); objects are merged member by member. What makes the
/// request what it is cannot be replaced.
public final class Options {
  private Options() {}

  public static void merge(ObjectNode body, ObjectNode options, Set<String> own) {
    for (var option : options.properties()) {
      JsonNode value = option.getValue();
      if (own.contains(option.getKey())) {
        continue;
      }
      if (value.isNull()) {
        body.remove(option.getKey());
      } else if (value instanceof ObjectNode inner
          && body.path(option.getKey()) instanceof ObjectNode before) {
        merge(before, inner, Set.of());
      } else {
        body.set(option.getKey(), value);
      }
    }
  }
}
