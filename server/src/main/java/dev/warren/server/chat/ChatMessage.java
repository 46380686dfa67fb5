package dev.warren.server.chat;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.warren.llm.Usage;
import dev.warren.protocol.Json;
import dev.warren.server.model.ModelId;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// A committed message of a chat's history.
///
/// @param seq its place in the order
/// @param insertedVersion the chat's version when it was inserted
/// @param version the chat's version when it was last written
/// @param compressed it stands in the history but is not sent to the model any more
public record ChatMessage(
    MessageId id,
    long seq,
    long insertedVersion,
    long version,
    Role role,
    List<StoredPart> parts,
    Optional<Finish> finish,
    boolean compressed,
    Optional<ModelId> modelId,
    Optional<MessageUsage> usage,
    Instant createdAt) {
  public ChatMessage {
    parts = List.copyOf(parts);
  }

  /// The tool calls that the engine has to run, in call order.
  public List<StoredPart.ToolCall> toolCalls() {
    return parts.stream()
        .filter(StoredPart.ToolCall.class::isInstance)
        .map(StoredPart.ToolCall.class::cast)
        .filter(call -> !call.providerExecuted())
        .toList();
  }

  /// As clients see it.
  @JsonValue
  public ObjectNode wire() {
    ObjectNode node = Json.STRICT.createObjectNode();
    node.put("id", id.toString()).put("seq", seq).put("role", role.toString());
    node.set("parts", PartJson.wire(parts));
    finish.ifPresent(value -> node.put("finish", value.toString()));
    node.put("compressed", compressed);
    modelId.ifPresent(value -> node.put("model_id", value.toString()));
    usage.ifPresent(value -> node.set("usage", Json.STRICT.valueToTree(value)));
    return node.put("created_at", createdAt.toString());
  }

  /// Who speaks.
  public enum Role {
    USER,
    ASSISTANT,
    TOOL,
    SUMMARY;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// What a message, or a chat, has used.
  ///
  /// @param costUsd absent when the model has no prices
  public record MessageUsage(
      long inputTokens,
      long outputTokens,
      long cacheReadTokens,
      long cacheWriteTokens,
      long reasoningTokens,
      Optional<BigDecimal> costUsd) {
    /// The sum; of costs, the sum of those that are known.

    public static MessageUsage of(Usage usage, Optional<BigDecimal> costUsd) {
      return new MessageUsage(
          usage.inputTokens(),
          usage.outputTokens(),
          usage.cacheReadTokens(),
          usage.cacheWriteTokens(),
          usage.reasoningTokens(),
          costUsd);
    }

    public MessageUsage plus(MessageUsage more) {
      return new MessageUsage(
          inputTokens + more.inputTokens,
          outputTokens + more.outputTokens,
          cacheReadTokens + more.cacheReadTokens,
          cacheWriteTokens + more.cacheWriteTokens,
          reasoningTokens + more.reasoningTokens,
          more.costUsd.map(cost -> costUsd.orElse(BigDecimal.ZERO).add(cost)).or(() -> costUsd));
    }
  }
}
