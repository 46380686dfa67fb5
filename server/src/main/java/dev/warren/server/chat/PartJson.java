package dev.warren.server.chat;

import dev.warren.llm.Opaque;
import dev.warren.protocol.Json;
import dev.warren.server.files.FileId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Parts as JSON, in two forms: as they are stored, and as clients see them.
public final class PartJson {
  private PartJson() {}

  /// For clients.
  public static ArrayNode wire(List<StoredPart> parts) {
    ArrayNode array = Json.STRICT.createArrayNode();
    for (StoredPart part : parts) {
      if (!(part instanceof StoredPart.ProviderItem)) {
        array.add(wire(part));
      }
    }
    return array;
  }

  /// For the database.
  static String stored(List<StoredPart> parts) {
    ArrayNode array = Json.STRICT.createArrayNode();
    for (StoredPart part : parts) {
      ObjectNode node = wire(part);
      if (part instanceof StoredPart.ToolCall call) {
        node.put("raw_input", call.rawInput());
      }
      part.opaque()
          .ifPresent(opaque -> {
            ObjectNode provider = node.putObject("provider").put("kind", opaque.kind());
            provider.set("data", opaque.data());
          });
      array.add(node);
    }
    return array.toString();
  }

  static List<StoredPart> read(String stored) {
    List<StoredPart> parts = new ArrayList<>();
    for (JsonNode node : Json.STRICT.readTree(stored)) {
      parts.add(part(node));
    }
    return List.copyOf(parts);
  }

  private static ObjectNode wire(StoredPart part) {
    ObjectNode node = Json.STRICT.createObjectNode();
    switch (part) {
      case StoredPart.Text text -> node.put("type", "text").put("text", text.text());
      case StoredPart.Reasoning reasoning ->
          node.put("type", "reasoning").put("text", reasoning.text());
      case StoredPart.ToolCall call -> {
        node.put("type", "tool_call").put("id", call.id().toString()).put("name", call.name());
        node.set("input", call.input());
        if (call.providerExecuted()) {
          node.put("provider_executed", true);
        }
      }
      case StoredPart.ToolResult result -> {
        node.put("type", "tool_result");
        node.put("id", result.callId().toString()).put("name", result.name());
        node.set("output", result.output());
        node.put("is_error", result.error()).put("duration_ms", result.durationMs());
      }
      case StoredPart.File file ->
          node.put("type", "file")
              .put("file_id", file.fileId().toString())
              .put("name", file.name())
              .put("media_type", file.mediaType());
      case StoredPart.Source source ->
          node.put("type", "source").put("url", source.url()).put("title", source.title());
      case StoredPart.ProviderItem item -> node.put("type", "provider_item");
    }
    return node;
  }

  private static StoredPart part(JsonNode node) {
    Optional<Opaque> opaque =
        Optional.ofNullable(node.get("provider"))
            .map(provider -> new Opaque(text(provider, "kind"), provider.get("data")));
    String type = text(node, "type");
    return switch (type) {
      case "text" -> new StoredPart.Text(text(node, "text"), opaque);
      case "reasoning" -> new StoredPart.Reasoning(text(node, "text"), opaque);
      case "tool_call" ->
          new StoredPart.ToolCall(
              UUID.fromString(text(node, "id")),
              text(node, "name"),
              node.get("input"),
              text(node, "raw_input"),
              node.path("provider_executed").asBoolean(false),
              opaque);
      case "tool_result" ->
          new StoredPart.ToolResult(
              UUID.fromString(text(node, "id")),
              text(node, "name"),
              node.get("output"),
              node.get("is_error").booleanValue(),
              node.get("duration_ms").longValue(),
              opaque);
      case "file" ->
          new StoredPart.File(
              new FileId(UUID.fromString(text(node, "file_id"))),
              text(node, "name"),
              text(node, "media_type"));
      case "source" -> new StoredPart.Source(text(node, "url"), text(node, "title"), opaque);
      case "provider_item" ->
          new StoredPart.ProviderItem(
              opaque.orElseThrow(
                  () -> new IllegalStateException("a stored provider item without its data")));
      default -> throw new IllegalStateException("a stored part has the unknown type " + type);
    };
  }

  private static String text(JsonNode node, String name) {
    return node.get(name).stringValue();
  }
}
