package dev.warren.scripted;

import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Anthropic's Messages API.
final class AnthropicFormat implements ModelFormat {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private static final Map<Integer, String> TYPES =
      Map.of(
          400, "invalid_request_error",
          401, "authentication_error",
          402, "billing_error",
          403, "permission_error",
          404, "not_found_error",
          413, "request_too_large",
          429, "rate_limit_error",
          529, "overloaded_error");

  @Override
  public String key(HttpRequest request) {
    return request
        .header("x-api-key")
        .or(() -> request.header("authorization").map(a -> a.replaceFirst("^Bearer ", "")))
        .orElse("");
  }

  @Override
  public Conversation read(HttpRequest request, ObjectNode body) throws BadRequest {
    if (request.header("anthropic-version").isEmpty()) {
      throw new BadRequest("anthropic-version: header is required");
    }
    return new AnthropicCheck(body, request.body().length).conversation();
  }

  @Override
  public String error(int status, String type, String message) {
    ObjectNode error = JsonNodeFactory.instance.objectNode();
    error.put("type", "error");
    error
        .putObject("error")
        .put("type", type.isEmpty() ? TYPES.getOrDefault(status, "api_error") : type)
        .put("message", message);
    error.put("request_id", "req_scripted");
    return MAPPER.writeValueAsString(error);
  }

  @Override
  public Encoder encoder(Conversation conversation, EventOut out) {
    return new AnthropicEncoder(conversation.model(), out);
  }
}
