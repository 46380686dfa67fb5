package dev.warren.server.tool;

import dev.warren.protocol.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a call answers to the model.
///
/// @param output a JSON object
/// @param error whether the call did not do what it was asked
public record ToolResult(ObjectNode output, boolean error) {

  /// A success, from a record.
  public static ToolResult of(Record output) {
    return of(object(output));
  }

  public static ToolResult of(ObjectNode output) {
    return new ToolResult(output, false);
  }

  /// A failure.
  ///
  /// @param message what went wrong, with which value, and what to do next
  public static ToolResult error(String message) {
    return new ToolResult(Json.STRICT.createObjectNode().put("error", message), true);
  }

  /// A failure with more than a message, such as an output so far.
  public static ToolResult error(String message, Record details) {
    ObjectNode output = Json.STRICT.createObjectNode().put("error", message);
    output.setAll(object(details));
    return new ToolResult(output, true);
  }

  /// Nobody can know whether the call took effect, and it was not repeated.
  public static ToolResult unknown(String message) {
    ObjectNode output = Json.STRICT.createObjectNode();
    output.put("outcome", "unknown").put("error", message);
    return new ToolResult(output, true);
  }

  /// Nobody can know whether the call took effect.
  public boolean unknown() {
    return output.path("outcome").asString("").equals("unknown");
  }

  private static ObjectNode object(Record value) {
    JsonNode tree = Json.STRICT.valueToTree(value);
    if (tree instanceof ObjectNode node) {
      return node;
    }
    throw new IllegalArgumentException("a tool's output must be an object: " + value.getClass());
  }
}
