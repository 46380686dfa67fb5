package dev.warren.server.chat;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.warren.protocol.Json;
import dev.warren.server.model.ModelId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// A user's message that waits until the turn before it has ended.
public record QueuedMessage(
    QueuedId id, List<StoredPart> parts, Optional<ModelId> modelId, Instant createdAt) {
  public QueuedMessage {
    parts = List.copyOf(parts);
  }

  /// As clients see it.
  @JsonValue
  public ObjectNode wire() {
    ObjectNode node = Json.STRICT.createObjectNode();
    node.put("id", id.toString());
    node.set("content", PartJson.wire(parts));
    modelId.ifPresent(value -> node.put("model_id", value.toString()));
    return node.put("created_at", createdAt.toString());
  }
}
