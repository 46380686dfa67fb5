package dev.warren.server.chat;

import dev.warren.llm.Opaque;
import dev.warren.server.files.FileId;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A piece of a committed message: the wire's part, and beside it what only the provider that made
/// it understands, which answers to clients leave out.
public sealed interface StoredPart {

  Optional<Opaque> opaque();

  record Text(String text, Optional<Opaque> opaque) implements StoredPart {
    public static Text of(String text) {
      return new Text(text, Optional.empty());
    }
  }

  record Reasoning(String text, Optional<Opaque> opaque) implements StoredPart {}

  /// A call of a tool.
  ///
  /// @param rawInput the arguments as the model wrote them
  record ToolCall(
      UUID id,
      String name,
      JsonNode input,
      String rawInput,
      boolean providerExecuted,
      Optional<Opaque> opaque)
      implements StoredPart {}

  record ToolResult(
      UUID callId,
      String name,
      JsonNode output,
      boolean error,
      long durationMs,
      Optional<Opaque> opaque)
      implements StoredPart {
    public static ToolResult of(ToolCall call, ObjectNode output, boolean error, long durationMs) {
      return new ToolResult(call.id(), call.name(), output, error, durationMs, Optional.empty());
    }
  }

  record File(FileId fileId, String name, String mediaType) implements StoredPart {
    @Override
    public Optional<Opaque> opaque() {
      return Optional.empty();
    }
  }

  record Source(String url, String title, Optional<Opaque> opaque) implements StoredPart {}

  /// What only its provider understands. Clients do not see it, and it does not count in the
  /// indexes of parts that they see.
  record ProviderItem(Opaque item) implements StoredPart {
    @Override
    public Optional<Opaque> opaque() {
      return Optional.of(item);
    }
  }
}
