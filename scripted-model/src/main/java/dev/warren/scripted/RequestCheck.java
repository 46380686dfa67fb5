package dev.warren.scripted;

import dev.warren.protocol.Json;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What every provider checks.
final class RequestCheck {
  private static final Pattern TOOL_NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

  private RequestCheck() {}

  static String string(JsonNode node, String member, String place) throws BadRequest {
    JsonNode value = node.path(member);
    if (!value.isString()) {
      throw new BadRequest(place + member + ": Input should be a valid string");
    }
    return value.stringValue();
  }

  static String optionalString(JsonNode node, String member) {
    JsonNode value = node.path(member);
    return value.isString() ? value.stringValue() : "";
  }

  static void knownMembers(ObjectNode node, Set<String> known, String place) throws BadRequest {
    for (String name : node.propertyNames()) {
      if (!known.contains(name)) {
        throw new BadRequest(place + name + ": Extra inputs are not permitted");
      }
    }
  }

  /// @param schema of the tool's input, an object's
  static void tool(String name, JsonNode schema, Set<String> names, String place)
      throws BadRequest {
    if (!TOOL_NAME.matcher(name).matches()) {
      throw new BadRequest(place + "name: String should match pattern '^[a-zA-Z0-9_-]{1,64}$'");
    }
    if (!names.add(name)) {
      throw new BadRequest(place + "name: Tool names must be unique: " + name);
    }
    if (!schema.isObject() || !optionalString(schema, "type").equals("object")) {
      throw new BadRequest(
          place + "input_schema.type: Input should be 'object' for the tool " + name);
    }
    if (schema.has("properties") && !schema.path("properties").isObject()) {
      throw new BadRequest(place + "input_schema.properties: Input should be an object");
    }
    Set<String> properties = new HashSet<>(schema.path("properties").propertyNames());
    for (JsonNode required : schema.path("required")) {
      if (!properties.contains(required.asString(""))) {
        throw new BadRequest(place + "input_schema.required: no such property: " + required);
      }
    }
  }

  /// Some formats have no mark for failed calls; by custom their result has a member `error`.
  static boolean saysError(String result) {
    try {
      return Json.LENIENT.readTree(result).path("error").isString();
    } catch (JacksonException e) {
      return false;
    }
  }
}
