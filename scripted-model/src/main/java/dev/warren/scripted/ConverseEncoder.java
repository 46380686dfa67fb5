package dev.warren.scripted;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Writes a ConverseStream answer.
final class ConverseEncoder implements ModelFormat.Encoder {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private enum Block {
    NONE,
    TEXT,
    THINKING,
    CALL
  }

  private final EventOut out;
  private int index = -1;
  private Block block = Block.NONE;

  ConverseEncoder(EventOut out) {
    this.out = out;
  }

  @Override
  public void begin(long inputTokens) {
    send("messageStart", NODES.objectNode().put("role", "assistant"));
  }

  @Override
  public void text(String piece) {
    begin(Block.TEXT);
    delta(NODES.objectNode().put("text", piece));
  }

  @Override
  public void reasoning(String piece) {
    begin(Block.THINKING);
    thinking("text", piece);
  }

  @Override
  public void signature(String signature) {
    begin(Block.THINKING);
    thinking("signature", signature);
    stop();
  }

  @Override
  public void redacted(String data) {
    stop();
    begin(Block.THINKING);
    byte[] bytes = data.getBytes(StandardCharsets.UTF_8);
    thinking("redactedContent", Base64.getEncoder().encodeToString(bytes));
    stop();
  }

  private void thinking(String member, String value) {
    ObjectNode delta = NODES.objectNode();
    delta.putObject("reasoningContent").put(member, value);
    delta(delta);
  }

  @Override
  public void call(String name) {
    stop();
    begin(Block.CALL);
    ObjectNode data = NODES.objectNode().put("contentBlockIndex", index);
    String id = "tooluse_" + UUID.randomUUID().toString().replace("-", "").substring(0, 22);
    data.putObject("start").putObject("toolUse").put("name", name).put("toolUseId", id);
    send("contentBlockStart", data);
  }

  @Override
  public void arguments(String piece) {
    ObjectNode delta = NODES.objectNode();
    delta.putObject("toolUse").put("input", piece);
    delta(delta);
  }

  @Override
  public void error(String type, String message) {
    String exception =
        switch (type) {
          case "overloaded_error" -> "serviceUnavailableException";
          case "rate_limit_error" -> "throttlingException";
          default -> "modelStreamErrorException";
        };
    ObjectNode data = NODES.objectNode().put("message", message);
    out.exception(exception, MAPPER.writeValueAsString(data));
  }

  /// The usage comes after the end of the message.
  @Override
  public void finish(String stop, ModelFormat.Billing billing) {
    stop();
    send("messageStop", NODES.objectNode().put("stopReason", reason(stop)));
    ObjectNode data = NODES.objectNode();
    data.putObject("usage")
        .put("inputTokens", billing.input() - billing.cacheRead() - billing.cacheWrite())
        .put("outputTokens", billing.output())
        .put("cacheReadInputTokens", billing.cacheRead())
        .put("cacheWriteInputTokens", billing.cacheWrite())
        .put("totalTokens", billing.input() + billing.output());
    send("metadata", data);
  }

  private static String reason(String stop) {
    return switch (stop) {
      case "tool_use" -> "tool_use";
      case "length" -> "max_tokens";
      case "refusal" -> "content_filtered";
      default -> "end_turn";
    };
  }

  private void begin(Block next) {
    if (block != next) {
      stop();
      block = next;
      index++;
    }
  }

  private void delta(ObjectNode delta) {
    ObjectNode data = NODES.objectNode().put("contentBlockIndex", index);
    data.set("delta", delta);
    send("contentBlockDelta", data);
  }

  private void stop() {
    if (block != Block.NONE) {
      block = Block.NONE;
      send("contentBlockStop", NODES.objectNode().put("contentBlockIndex", index));
    }
  }

  private void send(String type, ObjectNode data) {
    out.event(type, MAPPER.writeValueAsString(data));
  }
}
