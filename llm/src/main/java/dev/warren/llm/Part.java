package dev.warren.llm;

import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// A piece of a message. Every part may carry what only its provider understands ([Opaque]:
/// signatures, encrypted reasoning, raw items), which goes back to that provider unchanged and is
/// left out for another.
public sealed interface Part {

  Optional<Opaque> opaque();

  record Text(String text, Optional<Opaque> opaque) implements Part {
    public static Text of(String text) {
      return new Text(text, Optional.empty());
    }
  }

  /// The model's thinking. The text may be empty when the provider keeps it hidden.
  record Reasoning(String text, Optional<Opaque> opaque) implements Part {}

  /// A tool that the model wants run.
  ///
  /// @param id ours (UUIDv7), made when the call begins; the provider's own lies in `opaque`
  /// @param input the parsed arguments; when they do not parse or are not an object, a text node
  ///   with the raw arguments
  /// @param rawInput the arguments as the model wrote them, byte for byte
  /// @param providerExecuted the provider runs it itself and the result follows in the same message
  record ToolCall(
      UUID id,
      String name,
      JsonNode input,
      String rawInput,
      boolean providerExecuted,
      Optional<Opaque> opaque)
      implements Part {}

  /// The answer to the call with the same id.
  ///
  /// @param output an object
  record ToolResult(
      UUID callId, String name, JsonNode output, boolean error, Optional<Opaque> opaque)
      implements Part {}

  /// An image, PDF or text that the user attached.
  @SuppressWarnings("ArrayRecordComponent") // Read once into a request; never compared.
  record File(String name, String mediaType, byte[] content) implements Part {
    @Override
    public Optional<Opaque> opaque() {
      return Optional.empty();
    }
  }

  /// Where the provider found something.
  record Source(String url, String title, Optional<Opaque> opaque) implements Part {}

  /// What has no meaning outside its provider but must go back to it.
  record ProviderItem(Opaque item) implements Part {
    @Override
    public Optional<Opaque> opaque() {
      return Optional.of(item);
    }
  }
}
