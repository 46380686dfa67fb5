package dev.warren.scripted;

import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Writes a Chat Completions stream.
final class ChatEncoder implements ModelFormat.Encoder {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /// `created`, which nobody needs to differ.
  private static final long CREATED = 1_700_000_000;

  private final String id = "chatcmpl-" + UUID.randomUUID();
  private final String model;
  private final boolean withUsage;
  private final EventOut out;
  private int calls;

  ChatEncoder(String model, boolean withUsage, EventOut out) {
    this.model = model;
    this.withUsage = withUsage;
    this.out = out;
  }

  @Override
  public void begin(long inputTokens) {
    delta(NODES.objectNode().put("role", "assistant").put("content", "").putNull("refusal"));
  }

  @Override
  public void text(String piece) {
    delta(NODES.objectNode().put("content", piece));
  }

  @Override
  public void reasoning(String piece) {
    delta(NODES.objectNode().put("reasoning_content", piece));
  }

  @Override
  public void signature(String signature) {
    // The format has none.
  }

  @Override
  public void redacted(String data) {
    // Nor this.
  }

  @Override
  public void call(String name) {
    ObjectNode delta = NODES.objectNode();
    ObjectNode call = delta.putArray("tool_calls").addObject().put("index", calls++);
    call.put("id", "call_" + UUID.randomUUID().toString().replace("-", "").substring(0, 24));
    call.put("type", "function");
    call.putObject("function").put("name", name).put("arguments", "");
    delta(delta);
  }

  @Override
  public void arguments(String piece) {
    ObjectNode delta = NODES.objectNode();
    ObjectNode call = delta.putArray("tool_calls").addObject().put("index", calls - 1);
    call.putObject("function").put("arguments", piece);
    delta(delta);
  }

  @Override
  public void error(String type, String message) {
    ObjectNode chunk = NODES.objectNode();
    chunk.putObject("error").put("message", message).put("type", type).putNull("code");
    out.event("", MAPPER.writeValueAsString(chunk));
  }

  @Override
  public void finish(String stop, ModelFormat.Billing billing) {
    ObjectNode last = chunk();
    choice(last, NODES.objectNode()).put("finish_reason", reason(stop));
    send(last);
    if (withUsage) {
      ObjectNode chunk = chunk();
      chunk.putArray("choices");
      ObjectNode usage = chunk.putObject("usage");
      usage
          .put("prompt_tokens", billing.input())
          .put("completion_tokens", billing.output())
          .put("total_tokens", billing.input() + billing.output());
      usage.putObject("prompt_tokens_details").put("cached_tokens", billing.cacheRead());
      usage.putObject("completion_tokens_details").put("reasoning_tokens", billing.reasoning());
      send(chunk);
    }
    out.event("", "[DONE]");
  }

  private static String reason(String stop) {
    return switch (stop) {
      case "tool_use" -> "tool_calls";
      case "refusal" -> "content_filter";
      case "pause" -> "stop";
      default -> stop;
    };
  }

  private void delta(ObjectNode delta) {
    ObjectNode chunk = chunk();
    choice(chunk, delta).putNull("finish_reason");
    send(chunk);
  }

  private static ObjectNode choice(ObjectNode chunk, JsonNode delta) {
    ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
    choice.set("delta", delta);
    return choice.putNull("logprobs");
  }

  private ObjectNode chunk() {
    ObjectNode chunk = NODES.objectNode();
    chunk.put("id", id).put("object", "chat.completion.chunk").put("created", CREATED);
    return chunk.put("model", model).put("system_fingerprint", "fp_scripted");
  }

  private void send(ObjectNode chunk) {
    out.event("", MAPPER.writeValueAsString(chunk));
  }
}
