package dev.warren.scripted;

import dev.warren.protocol.Json;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Writes a `streamGenerateContent` stream. A call comes whole; the first of an answer is signed.
final class GeminiEncoder implements ModelFormat.Encoder {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final String id = UUID.randomUUID().toString();
  private final String model;
  private final EventOut out;
  private Optional<String> call = Optional.empty();
  private StringBuilder arguments = new StringBuilder();
  private boolean signed;
  private boolean malformed;

  GeminiEncoder(String model, EventOut out) {
    this.model = model;
    this.out = out;
  }

  @Override
  public void begin(long inputTokens) {
    // The first chunk has content already.
  }

  @Override
  public void text(String piece) {
    endCall();
    send(NODES.objectNode().put("text", piece));
  }

  @Override
  public void reasoning(String piece) {
    endCall();
    send(NODES.objectNode().put("text", piece).put("thought", true));
  }

  @Override
  public void signature(String signature) {
    // Signatures stand at calls and texts.
  }

  @Override
  public void redacted(String data) {
    send(NODES.objectNode().put("text", "").put("thoughtSignature", data));
  }

  @Override
  public void call(String name) {
    endCall();
    call = Optional.of(name);
    arguments = new StringBuilder();
  }

  @Override
  public void arguments(String piece) {
    arguments.append(piece);
  }

  private void endCall() {
    if (call.isEmpty()) {
      return;
    }
    String name = call.get();
    call = Optional.empty();
    ObjectNode part = NODES.objectNode();
    ObjectNode function = part.putObject("functionCall").put("name", name);
    try {
      JsonNode args = Json.LENIENT.readTree(arguments.toString());
      function.set("args", args);
    } catch (JacksonException e) {
      malformed = true;
      return;
    }
    if (!signed) {
      signed = true;
      part.put("thoughtSignature", Signatures.of(name));
    }
    send(part);
  }

  @Override
  public void error(String type, String message) {
    ObjectNode chunk = NODES.objectNode();
    String status =
        switch (type) {
          case "overloaded_error" -> "UNAVAILABLE";
          case "rate_limit_error" -> "RESOURCE_EXHAUSTED";
          default -> type;
        };
    chunk.putObject("error").put("message", message).put("status", status);
    out.event("", MAPPER.writeValueAsString(chunk));
  }

  @Override
  public void finish(String stop, ModelFormat.Billing billing) {
    endCall();
    ObjectNode chunk = chunk();
    ObjectNode candidate = chunk.putArray("candidates").addObject();
    candidate
        .putObject("content")
        .put("role", "model")
        .putArray("parts")
        .addObject()
        .put("text", "");
    candidate.put("finishReason", malformed ? "MALFORMED_FUNCTION_CALL" : reason(stop));
    chunk
        .putObject("usageMetadata")
        .put("promptTokenCount", billing.input())
        .put("candidatesTokenCount", billing.output() - billing.reasoning())
        .put("thoughtsTokenCount", billing.reasoning())
        .put("cachedContentTokenCount", billing.cacheRead())
        .put("totalTokenCount", billing.input() + billing.output());
    out.event("", MAPPER.writeValueAsString(chunk));
  }

  private static String reason(String stop) {
    return switch (stop) {
      case "length" -> "MAX_TOKENS";
      case "refusal" -> "SAFETY";
      default -> "STOP";
    };
  }

  private void send(ObjectNode part) {
    ObjectNode chunk = chunk();
    ObjectNode content = chunk.putArray("candidates").addObject().putObject("content");
    content.put("role", "model").putArray("parts").add(part);
    out.event("", MAPPER.writeValueAsString(chunk));
  }

  private ObjectNode chunk() {
    return NODES.objectNode().put("modelVersion", model).put("responseId", id);
  }
}
