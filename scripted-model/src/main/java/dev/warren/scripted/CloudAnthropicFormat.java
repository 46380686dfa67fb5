package dev.warren.scripted;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/// Anthropic's Messages API as Bedrock and Vertex offer it: the model stands in the path, the
/// version in the body, and on Bedrock each event lies in a frame.
final class CloudAnthropicFormat implements ModelFormat {
  private static final Pattern BEDROCK =
      Pattern.compile("/model/([^/]+)/invoke-with-response-stream");
  private static final Pattern VERTEX =
      Pattern.compile(".*/publishers/anthropic/models/([^/:]+):streamRawPredict");

  private final AnthropicFormat own = new AnthropicFormat();
  private final boolean bedrock;

  CloudAnthropicFormat(boolean bedrock) {
    this.bedrock = bedrock;
  }

  @Override
  public String key(HttpRequest request) {
    return bedrock ? ConverseFormat.awsKey(request) : new GeminiFormat().key(request);
  }

  @Override
  public Conversation read(HttpRequest request, ObjectNode body) throws BadRequest {
    Matcher path = (bedrock ? BEDROCK : VERTEX).matcher(request.path());
    if (!path.matches() || body.has("model")) {
      throw new BadRequest("The model belongs into the path, and only there.");
    }
    String version = bedrock ? "bedrock-2023-05-31" : "vertex-2023-10-16";
    if (!RequestCheck.string(body, "anthropic_version", "").equals(version)) {
      throw new BadRequest("anthropic_version: should be '" + version + "'");
    }
    if (bedrock && body.has("stream")) {
      throw new BadRequest("stream: Extra inputs are not permitted");
    }
    ObjectNode plain = body.deepCopy();
    plain.remove("anthropic_version");
    plain
        .put("model", URLDecoder.decode(path.group(1), StandardCharsets.UTF_8))
        .put("stream", true);
    return new AnthropicCheck(plain, request.body().length).conversation();
  }

  @Override
  public String error(int status, String type, String message) {
    return bedrock
        ? new ConverseFormat().error(status, type, message)
        : own.error(status, type, message);
  }

  @Override
  public String errorType(int status, String type) {
    return bedrock ? new ConverseFormat().errorType(status, type) : "";
  }

  @Override
  public EventOut.Framing framing() {
    return bedrock ? EventOut.Framing.WRAPPED : EventOut.Framing.SSE;
  }

  @Override
  public Encoder encoder(Conversation conversation, EventOut out) {
    return new AnthropicEncoder(conversation.model(), out);
  }
}
