package dev.warren.e2e.kit;

import dev.warren.protocol.Json;
import tools.jackson.databind.JsonNode;

/// One event of a chat's stream, however it came.
public record ChatEvent(String id, String name, JsonNode data) {
  /// From a WebSocket's text frame.
  static ChatEvent ofFrame(CharSequence frame) {
    JsonNode json = Json.LENIENT.readTree(frame.toString());
    return new ChatEvent(
        json.path("id").asString(""), json.path("event").asString(), json.path("data"));
  }

  public boolean is(String wanted) {
    return name.equals(wanted);
  }

  public String text(String member) {
    return data.path(member).asString("");
  }
}
