package dev.warren.scripted;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Google's `streamGenerateContent`, of the Gemini API and of Vertex.
final class GeminiFormat implements ModelFormat {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final Pattern MODEL = Pattern.compile(".*/models/([^/:]+):streamGenerateContent");

  private static final Map<Integer, String> STATUSES =
      Map.of(
          400, "INVALID_ARGUMENT",
          401, "UNAUTHENTICATED",
          403, "PERMISSION_DENIED",
          404, "NOT_FOUND",
          429, "RESOURCE_EXHAUSTED",
          500, "INTERNAL",
          503, "UNAVAILABLE",
          504, "DEADLINE_EXCEEDED");

  @Override
  public String key(HttpRequest request) {
    return request
        .header("x-goog-api-key")
        .or(() -> request.header("authorization").map(a -> a.replaceFirst("^Bearer ", "")))
        .orElse("");
  }

  @Override
  public Conversation read(HttpRequest request, ObjectNode body) throws BadRequest {
    Matcher path = MODEL.matcher(request.path());
    if (!path.matches()) {
      throw new BadRequest("The path names no model.");
    }
    return new GeminiCheck(body, path.group(1), request.body().length).conversation();
  }

  @Override
  public String error(int status, String type, String message) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    ObjectNode error = root.putObject("error").put("code", status).put("message", message);
    error.put("status", type.isEmpty() ? STATUSES.getOrDefault(status, "UNKNOWN") : type);
    return MAPPER.writeValueAsString(root);
  }

  @Override
  public Encoder encoder(Conversation conversation, EventOut out) {
    return new GeminiEncoder(conversation.model(), out);
  }
}
