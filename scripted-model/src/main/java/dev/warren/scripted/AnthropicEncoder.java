package dev.warren.scripted;

import java.util.Locale;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Writes a Messages stream.
final class AnthropicEncoder implements ModelFormat.Encoder {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private enum Block {
    NONE,
    TEXT,
    THINKING,
    CALL
  }

  private final String model;
  private final EventOut out;
  private int index = -1;
  private Block block = Block.NONE;

  AnthropicEncoder(String model, EventOut out) {
    this.model = model;
    this.out = out;
  }

  @Override
  public void begin(long inputTokens) {
    ObjectNode data = data("message_start");
    ObjectNode message = data.putObject("message");
    message.put("id", id("msg_"));
    message.put("type", "message").put("role", "assistant").put("model", model);
    message.putArray("content");
    message.putNull("stop_reason").putNull("stop_sequence");
    message
        .putObject("usage")
        .put("input_tokens", inputTokens)
        .put("cache_creation_input_tokens", 0)
        .put("cache_read_input_tokens", 0)
        .put("output_tokens", 1);
    send(data);
    send(data("ping"));
  }

  @Override
  public void text(String piece) {
    if (block != Block.TEXT) {
      start(Block.TEXT, JsonNodeFactory.instance.objectNode().put("type", "text").put("text", ""));
    }
    delta("text_delta", "text", piece);
  }

  @Override
  public void reasoning(String piece) {
    if (block != Block.THINKING) {
      ObjectNode content = JsonNodeFactory.instance.objectNode();
      start(
          Block.THINKING, content.put("type", "thinking").put("thinking", "").put("signature", ""));
    }
    delta("thinking_delta", "thinking", piece);
  }

  @Override
  public void signature(String signature) {
    delta("signature_delta", "signature", signature);
    stop();
  }

  @Override
  public void redacted(String data) {
    ObjectNode content = JsonNodeFactory.instance.objectNode();
    start(Block.THINKING, content.put("type", "redacted_thinking").put("data", data));
    stop();
  }

  @Override
  public void call(String name) {
    ObjectNode content = JsonNodeFactory.instance.objectNode();
    content.put("type", "tool_use").put("id", id("toolu_")).put("name", name).putObject("input");
    start(Block.CALL, content);
    delta("input_json_delta", "partial_json", "");
  }

  @Override
  public void arguments(String piece) {
    delta("input_json_delta", "partial_json", piece);
  }

  @Override
  public void error(String type, String message) {
    ObjectNode data = data("error");
    data.putObject("error").put("type", type).put("message", message);
    send(data);
  }

  @Override
  public void finish(String stop, ModelFormat.Billing billing) {
    stop();
    ObjectNode data = data("message_delta");
    data.putObject("delta").put("stop_reason", reason(stop)).putNull("stop_sequence");
    ObjectNode usage = data.putObject("usage");
    usage
        .put("input_tokens", billing.input() - billing.cacheRead() - billing.cacheWrite())
        .put("cache_creation_input_tokens", billing.cacheWrite())
        .put("cache_read_input_tokens", billing.cacheRead())
        .put("output_tokens", billing.output());
    if (billing.reasoning() > 0) {
      usage.putObject("output_tokens_details").put("thinking_tokens", billing.reasoning());
    }
    send(data);
    send(data("message_stop"));
  }

  private static String reason(String stop) {
    return switch (stop) {
      case "stop" -> "end_turn";
      case "length" -> "max_tokens";
      case "pause" -> "pause_turn";
      default -> stop.toLowerCase(Locale.ROOT);
    };
  }

  private void start(Block kind, ObjectNode content) {
    stop();
    block = kind;
    index++;
    ObjectNode data = data("content_block_start");
    data.put("index", index).set("content_block", content);
    send(data);
  }

  private void delta(String type, String member, String piece) {
    ObjectNode data = data("content_block_delta");
    data.put("index", index).putObject("delta").put("type", type).put(member, piece);
    send(data);
  }

  private void stop() {
    if (block != Block.NONE) {
      block = Block.NONE;
      send(data("content_block_stop").put("index", index));
    }
  }

  private static ObjectNode data(String type) {
    return JsonNodeFactory.instance.objectNode().put("type", type);
  }

  private void send(ObjectNode data) {
    out.event(data.path("type").asString(""), MAPPER.writeValueAsString(data));
  }

  private static String id(String prefix) {
    return prefix + UUID.randomUUID().toString().replace("-", "").substring(0, 24);
  }
}
