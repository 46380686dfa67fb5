package dev.warren.scripted;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Bedrock's ConverseStream.
final class ConverseFormat implements ModelFormat {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final Pattern MODEL = Pattern.compile("/model/([^/]+)/converse-stream");

  @Override
  public String key(HttpRequest request) {
    return awsKey(request);
  }

  /// A bearer key, or the access key id of a signature.
  static String awsKey(HttpRequest request) {
    String authorization = request.header("authorization").orElse("");
    return authorization.startsWith("AWS4-HMAC-SHA256")
        ? authorization.replaceFirst(".*Credential=([^/]*)/.*", "$1")
        : authorization.replaceFirst("^Bearer ", "");
  }

  @Override
  public Conversation read(HttpRequest request, ObjectNode body) throws BadRequest {
    Matcher path = MODEL.matcher(request.path());
    if (!path.matches()) {
      throw new BadRequest("The path names no model.");
    }
    String model = URLDecoder.decode(path.group(1), StandardCharsets.UTF_8);
    return new ConverseCheck(body, model, request.body().length).conversation();
  }

  @Override
  public String error(int status, String type, String message) {
    return MAPPER.writeValueAsString(JsonNodeFactory.instance.objectNode().put("message", message));
  }

  @Override
  public String errorType(int status, String type) {
    if (!type.isEmpty() && !type.equals("invalid_request_error")) {
      return type;
    }
    return switch (status) {
      case 400 -> "ValidationException";
      case 401, 403 -> "AccessDeniedException";
      case 404 -> "ResourceNotFoundException";
      case 408 -> "ModelTimeoutException";
      case 429 -> "ThrottlingException";
      case 503 -> "ServiceUnavailableException";
      default -> "InternalServerException";
    };
  }

  @Override
  public EventOut.Framing framing() {
    return EventOut.Framing.FRAMES;
  }

  @Override
  public Encoder encoder(Conversation conversation, EventOut out) {
    return new ConverseEncoder(out);
  }
}
