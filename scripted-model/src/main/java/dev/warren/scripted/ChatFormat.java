package dev.warren.scripted;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// OpenAI's Chat Completions API.
final class ChatFormat implements ModelFormat {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  @Override
  public String key(HttpRequest request) {
    return request.header("authorization").orElse("").replaceFirst("^Bearer ", "");
  }

  @Override
  public Conversation read(HttpRequest request, ObjectNode body) throws BadRequest {
    return new ChatCheck(body, request.body().length).conversation();
  }

  @Override
  public String error(int status, String type, String message) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    ObjectNode error = root.putObject("error").put("message", message);
    error.put("type", type.isEmpty() ? type(status) : type);
    error.putNull("param");
    switch (status) {
      case 401 -> error.put("code", "invalid_api_key");
      case 404 -> error.put("code", "model_not_found");
      case 429 ->
          error.put("code", type.equals("insufficient_quota") ? type : "rate_limit_exceeded");
      default -> error.putNull("code");
    }
    return MAPPER.writeValueAsString(root);
  }

  private static String type(int status) {
    return status == 429 ? "requests" : status >= 500 ? "server_error" : "invalid_request_error";
  }

  @Override
  public Encoder encoder(Conversation conversation, EventOut out) {
    return new ChatEncoder(conversation.model(), conversation.streamUsage(), out);
  }
}
