package dev.warren.server.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A client's view of a chat, built from its events alone, that checks what the contract promises
/// of them.
final class FollowedChat {
  private final Map<String, JsonNode> messages = new LinkedHashMap<>();
  private final Map<String, Map<Integer, StringBuilder>> deltas = new HashMap<>();
  private final Map<String, String> ids = new HashMap<>();
  private Optional<String> last = Optional.empty();
  private String status = "";
  private int snapshots;
  private int resets;

  Optional<String> lastId() {
    return last;
  }

  String status() {
    return status;
  }

  int snapshots() {
    return snapshots;
  }

  int resets() {
    return resets;
  }

  /// The text in flight that was seen.
  String inFlight() {
    StringBuilder text = new StringBuilder();
    deltas.values().forEach(parts -> parts.values().forEach(text::append));
    return text.toString();
  }

  Map<String, JsonNode> messages() {
    return messages;
  }

  void accept(String id, String event, JsonNode data) {
    last = Optional.of(id);
    if (!event.equals("snapshot")) {
      String content = event + data;
      assertThat(ids.getOrDefault(id, content)).as("events with the id " + id).isEqualTo(content);
      ids.put(id, content);
    }
    switch (event) {
      case "snapshot" -> snapshot(data);
      case "delta" -> delta(data);
      case "message" -> message(data);
      case "reset" -> {
        resets++;
        deltas.remove(data.get("message_id").stringValue());
      }
      case "removed" ->
          data.get("message_ids").forEach(gone -> messages.remove(gone.stringValue()));
      case "status" -> status = data.get("status").stringValue();
      default -> {}
    }
  }

  private void snapshot(JsonNode data) {
    snapshots++;
    messages.clear();
    deltas.clear();
    data.get("messages").forEach(it -> messages.put(it.get("id").stringValue(), it));
    status = data.get("chat").get("status").stringValue();
    JsonNode inFlight = data.path("in_flight");
    if (inFlight.isObject()) {
      Map<Integer, StringBuilder> parts = parts(inFlight.get("id").stringValue());
      int index = 0;
      for (JsonNode part : inFlight.get("parts")) {
        String text = part.has("text") ? part.get("text").stringValue() : "";
        parts.put(index++, new StringBuilder(text));
      }
    }
  }

  private void delta(JsonNode data) {
    if (data.get("kind").stringValue().equals("tool_output")) {
      return;
    }
    String message = data.get("message_id").stringValue();
    assertThat(messages).as("a delta of a message that is committed").doesNotContainKey(message);
    parts(message)
        .computeIfAbsent(data.get("part").intValue(), part -> new StringBuilder())
        .append(data.get("text").stringValue());
  }

  private Map<Integer, StringBuilder> parts(String message) {
    return deltas.computeIfAbsent(message, id -> new HashMap<>());
  }

  private void message(JsonNode data) {
    String id = data.get("id").stringValue();
    JsonNode before = messages.put(id, data);
    assertThat(before).as("the same message twice").isNotEqualTo(data);
    Map<Integer, StringBuilder> shown = deltas.remove(id);
    if (!data.get("role").stringValue().equals("assistant") || before != null) {
      return;
    }
    assertThat(shown).as("the deltas of %s", data).isNotNull();
    int index = 0;
    for (JsonNode part : data.get("parts")) {
      String type = part.get("type").stringValue();
      if (type.equals("text") || type.equals("reasoning")) {
        assertThat(shown.getOrDefault(index, new StringBuilder()).toString())
            .as("deltas of part %d, put together", index)
            .isEqualTo(part.get("text").stringValue());
      }
      index++;
    }
  }
}
