package dev.warren.scripted;

import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Writes a Responses stream.
final class ResponsesEncoder implements ModelFormat.Encoder {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private enum Kind {
    NONE,
    MESSAGE,
    REASONING,
    CALL
  }

  private final String id = id("resp_");
  private final String model;
  private final EventOut out;
  private final ArrayNode output = NODES.arrayNode();
  private Kind kind = Kind.NONE;
  private ObjectNode item = NODES.objectNode();
  private StringBuilder text = new StringBuilder();
  private String signature = "";
  private ObjectNode pending = NODES.objectNode();
  private int sequence;

  ResponsesEncoder(String model, EventOut out) {
    this.model = model;
    this.out = out;
  }

  @Override
  public void begin(long inputTokens) {
    event("response.created").set("response", response("in_progress"));
    flush();
    event("response.in_progress").set("response", response("in_progress"));
    flush();
  }

  /// The next event, which `flush` sends.
  private ObjectNode event(String type) {
    pending = NODES.objectNode().put("type", type).put("sequence_number", sequence++);
    return pending;
  }

  private void flush() {
    out.event(pending.path("type").asString(""), MAPPER.writeValueAsString(pending));
  }

  private ObjectNode response(String status) {
    ObjectNode response = NODES.objectNode();
    response.put("id", id).put("object", "response").put("status", status).put("model", model);
    response.putNull("error").putNull("incomplete_details").set("output", output.deepCopy());
    return response.put("store", false);
  }

  @Override
  public void text(String piece) {
    if (kind != Kind.MESSAGE) {
      open(Kind.MESSAGE, NODES.objectNode().put("type", "message").put("id", id("msg_")));
      item.put("status", "in_progress").put("role", "assistant").putArray("content");
      added();
      ObjectNode part = place(event("response.content_part.added")).put("content_index", 0);
      part.set("part", textPart(""));
      flush();
    }
    text.append(piece);
    place(event("response.output_text.delta")).put("content_index", 0).put("delta", piece);
    flush();
  }

  private static ObjectNode textPart(String text) {
    ObjectNode part = NODES.objectNode().put("type", "output_text").put("text", text);
    part.putArray("annotations");
    return part;
  }

  @Override
  public void reasoning(String piece) {
    if (kind != Kind.REASONING) {
      open(Kind.REASONING, NODES.objectNode().put("type", "reasoning").put("id", id("rs_")));
      item.put("encrypted_content", "not final").putArray("summary");
      added();
    }
    text.append(piece);
    place(event("response.reasoning_summary_text.delta"))
        .put("summary_index", 0)
        .put("delta", piece);
    flush();
  }

  @Override
  public void signature(String ended) {
    signature = ended;
    close();
  }

  @Override
  public void redacted(String data) {
    open(Kind.REASONING, NODES.objectNode().put("type", "reasoning").put("id", id("rs_")));
    item.putArray("summary");
    added();
    signature = data;
    close();
  }

  @Override
  public void call(String name) {
    open(Kind.CALL, NODES.objectNode().put("type", "function_call").put("id", id("fc_")));
    item.put("call_id", id("call_")).put("name", name).put("arguments", "");
    added();
  }

  @Override
  public void arguments(String piece) {
    text.append(piece);
    place(event("response.function_call_arguments.delta")).put("delta", piece);
    flush();
  }

  @Override
  public void error(String type, String message) {
    event("error").put("code", type).put("message", message).putNull("param");
    flush();
  }

  @Override
  public void finish(String stop, ModelFormat.Billing billing) {
    close();
    String reason =
        switch (stop) {
          case "length" -> "max_output_tokens";
          case "refusal" -> "content_filter";
          default -> "";
        };
    String status = reason.isEmpty() ? "completed" : "incomplete";
    ObjectNode response = response(status);
    if (!reason.isEmpty()) {
      response.putObject("incomplete_details").put("reason", reason);
    }
    ObjectNode usage = response.putObject("usage");
    usage
        .put("input_tokens", billing.input())
        .put("output_tokens", billing.output())
        .put("total_tokens", billing.input() + billing.output());
    usage
        .putObject("input_tokens_details")
        .put("cached_tokens", billing.cacheRead())
        .put("cache_write_tokens", billing.cacheWrite());
    usage.putObject("output_tokens_details").put("reasoning_tokens", billing.reasoning());
    event("response." + status).set("response", response);
    flush();
  }

  private ObjectNode place(ObjectNode event) {
    return event.put("item_id", item.path("id").asString("")).put("output_index", output.size());
  }

  private void open(Kind next, ObjectNode begun) {
    close();
    kind = next;
    item = begun;
    text = new StringBuilder();
  }

  private void added() {
    event("response.output_item.added").put("output_index", output.size()).set("item", item);
    flush();
  }

  private void close() {
    switch (kind) {
      case NONE -> {
        return;
      }
      case MESSAGE ->
          item.put("status", "completed").putArray("content").add(textPart(text.toString()));
      case REASONING -> {
        if (!text.isEmpty()) {
          ObjectNode summary = NODES.objectNode().put("type", "summary_text");
          item.putArray("summary").add(summary.put("text", text.toString()));
        }
        item.put("encrypted_content", signature);
      }
      case CALL -> item.put("status", "completed").put("arguments", text.toString());
    }
    kind = Kind.NONE;
    event("response.output_item.done").put("output_index", output.size()).set("item", item);
    flush();
    output.add(item);
  }

  private static String id(String prefix) {
    return prefix + UUID.randomUUID().toString().replace("-", "").substring(0, 24);
  }
}
