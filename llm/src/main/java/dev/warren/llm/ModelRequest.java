package dev.warren.llm;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// What a model is asked. Two requests of one chat share their beginning byte for byte, so that the
/// provider's prompt cache hits.
///
/// @param model the provider's own name of it
/// @param system may be empty
/// @param maxOutputTokens the provider's default when absent, or the adapter's where one is
///   required
/// @param options members that are merged into the request's body as they are
/// @param cacheKey the same for all requests of a chat
public record ModelRequest(
    String model,
    String system,
    List<ToolSpec> tools,
    List<Message> messages,
    Optional<Integer> maxOutputTokens,
    ObjectNode options,
    String cacheKey) {
  public ModelRequest {
    tools = List.copyOf(tools);
    messages = List.copyOf(messages);
  }
}
