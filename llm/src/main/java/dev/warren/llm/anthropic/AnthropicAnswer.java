package dev.warren.llm.anthropic;

import dev.warren.llm.Completion;
import dev.warren.llm.Opaque;
import dev.warren.llm.Part;
import dev.warren.llm.Usage;
import dev.warren.llm.wire.AnswerBuilder;
import dev.warren.llm.wire.Failures;
import dev.warren.llm.wire.Sources;
import dev.warren.llm.wire.StreamFailure;
import dev.warren.llm.wire.WireEvent;
import dev.warren.llm.wire.WireFormat;
import dev.warren.llm.wire.WireJson;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Reads the events of a Messages stream. Unknown events are skipped, unknown blocks are kept as
/// they came.
final class AnthropicAnswer implements WireFormat.AnswerStream {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final AnswerBuilder answer;
  private final Map<Long, OpenBlock> open = new HashMap<>();
  private final Map<String, UUID> providerCalls = new HashMap<>();
  private final ObjectNode usage = NODES.objectNode();
  private String stopReason = "";
  private boolean stopped;

  AnthropicAnswer(AnswerBuilder answer) {
    this.answer = answer;
  }

  /// A block whose deltas still come. `raw` is the block as it began, with what cannot be shown
  /// added to it.
  private sealed interface OpenBlock {
    record Text(AnswerBuilder.OpenPart part, ObjectNode raw) implements OpenBlock {}

    record Thinking(AnswerBuilder.OpenPart part, ObjectNode raw, StringBuilder signature)
        implements OpenBlock {}

    record Call(AnswerBuilder.OpenCall call, ObjectNode raw, boolean providerExecuted)
        implements OpenBlock {}

    record Other(ObjectNode raw) implements OpenBlock {}
  }

  @Override
  public boolean accept(WireEvent event) throws StreamFailure {
    ObjectNode data =
        WireJson.object(event.data()).orElseThrow(() -> StreamFailure.malformed("no JSON object"));
    switch (WireJson.string(data, "type")) {
      case "message_start" -> messageStart(data.path("message"));
      case "content_block_start" -> blockStart(index(data), data.path("content_block"));
      case "content_block_delta" -> blockDelta(index(data), data.path("delta"));
      case "content_block_stop" -> blockStop(index(data));
      case "message_delta" -> messageDelta(data);
      case "message_stop" -> {
        stop();
        return true;
      }
      case "error" -> throw new StreamFailure(Failures.Detail.of(0, data, ""));
      default -> {
        // `ping`, and whatever is added later.
      }
    }
    return false;
  }

  private static long index(JsonNode data) {
    return WireJson.number(data, "index");
  }

  private void messageStart(JsonNode message) throws StreamFailure {
    if (answer.started()) {
      throw StreamFailure.malformed("a second message_start");
    }
    answer.start();
    mergeUsage(message.path("usage"));
    stopReason = WireJson.string(message, "stop_reason");
    // With programmatic tool calling a finished call comes here, without events of its own.
    long index = 0;
    for (JsonNode block : message.path("content")) {
      blockStart(index, block);
      blockStop(index);
      index++;
    }
  }

  private void blockStart(long index, JsonNode node) throws StreamFailure {
    if (!(node instanceof ObjectNode block)) {
      throw StreamFailure.malformed("content_block_start without a block");
    }
    if (!answer.started()) {
      throw StreamFailure.malformed("a block before message_start");
    }
    if (open.containsKey(index)) {
      throw StreamFailure.malformed("a block begins twice");
    }
    open.put(index, open(block));
  }

  private OpenBlock open(ObjectNode block) {
    String type = WireJson.string(block, "type");
    return switch (type) {
      case "text" -> {
        AnswerBuilder.OpenPart part = answer.openText();
        part.append(WireJson.string(block, "text"));
        yield new OpenBlock.Text(part, block);
      }
      case "thinking", "redacted_thinking" -> {
        AnswerBuilder.OpenPart part = answer.openReasoning();
        part.append(WireJson.string(block, "thinking"));
        StringBuilder signature = new StringBuilder(WireJson.string(block, "signature"));
        yield new OpenBlock.Thinking(part, block, signature);
      }
      case "tool_use", "server_tool_use", "mcp_tool_use" -> {
        AnswerBuilder.OpenCall call = answer.openCall(WireJson.string(block, "name"));
        JsonNode input = block.path("input");
        if (input.isObject() && !input.isEmpty()) {
          call.arguments().append(input.toString());
        }
        boolean providerExecuted = !type.equals("tool_use");
        if (providerExecuted) {
          providerCalls.put(WireJson.string(block, "id"), call.id());
        }
        yield new OpenBlock.Call(call, block, providerExecuted);
      }
      default -> new OpenBlock.Other(block);
    };
  }

  private void blockDelta(long index, JsonNode delta) throws StreamFailure {
    OpenBlock block = open.get(index);
    if (block == null) {
      throw StreamFailure.malformed("a delta of a block that is not open");
    }
    switch (WireJson.string(delta, "type")) {
      case "text_delta" -> {
        if (block instanceof OpenBlock.Text text) {
          text.part().append(WireJson.string(delta, "text"));
        }
      }
      case "thinking_delta" -> {
        if (block instanceof OpenBlock.Thinking thinking) {
          thinking.part().append(WireJson.string(delta, "thinking"));
        }
      }
      case "signature_delta" -> {
        if (block instanceof OpenBlock.Thinking thinking) {
          thinking.signature().append(WireJson.string(delta, "signature"));
        }
      }
      case "input_json_delta" -> {
        if (block instanceof OpenBlock.Call call) {
          call.call().arguments().append(WireJson.string(delta, "partial_json"));
        }
      }
      case "citations_delta" -> {
        if (block instanceof OpenBlock.Text text) {
          cite(text.raw(), delta.path("citation"));
        }
      }
      case "compaction_delta" -> {
        if (block instanceof OpenBlock.Other other) {
          String before = WireJson.string(other.raw(), "content");
          other.raw().put("content", before + WireJson.string(delta, "content"));
        }
      }
      default -> {
        // Deltas that are added later.
      }
    }
  }

  private void cite(ObjectNode block, JsonNode citation) {
    ArrayNode all =
        block.path("citations") instanceof ArrayNode array ? array : block.putArray("citations");
    all.add(citation);
    answer.cite(WireJson.string(citation, "url"), WireJson.string(citation, "title"));
  }

  private void blockStop(long index) throws StreamFailure {
    OpenBlock block = open.remove(index);
    if (block == null) {
      throw StreamFailure.malformed("a block that is not open ends");
    }
    switch (block) {
      case OpenBlock.Text text -> {
        JsonNode citations = text.raw().path("citations");
        Optional<Opaque> opaque =
            citations.isEmpty()
                ? Optional.empty()
                : Optional.of(opaque(NODES.objectNode().set("citations", citations)));
        text.part().done(new Part.Text(text.part().finish(), opaque));
      }
      case OpenBlock.Thinking thinking -> thinkingDone(thinking);
      case OpenBlock.Call call -> callDone(call);
      case OpenBlock.Other other -> other(other.raw());
    }
  }

  private static Opaque opaque(JsonNode data) {
    return new Opaque(Anthropic.KIND, WireJson.clean(data));
  }

  private static void thinkingDone(OpenBlock.Thinking block) {
    String text = block.part().finish();
    ObjectNode data;
    if (WireJson.string(block.raw(), "type").equals("redacted_thinking")) {
      data = block.raw();
    } else {
      data = NODES.objectNode();
      data.put("signature", block.signature().toString());
    }
    block.part().done(new Part.Reasoning(text, Optional.of(opaque(data))));
  }

  private void callDone(OpenBlock.Call block) {
    if (!block.providerExecuted()) {
      ObjectNode data = NODES.objectNode();
      data.put("id", WireJson.string(block.raw(), "id"));
      JsonNode caller = block.raw().path("caller");
      if (caller.isObject()) {
        data.set("caller", caller);
      }
      block.call().done(false, opaque(data));
      return;
    }
    JsonNode input = WireJson.arguments(block.call().arguments().finish());
    block.raw().set("input", input.isObject() ? input : NODES.objectNode());
    block.call().done(true, opaque(block.raw()));
  }

  /// The result of a provider's own tool, or something that only the provider understands.
  private void other(ObjectNode raw) {
    UUID call = providerCalls.get(WireJson.string(raw, "tool_use_id"));
    String type = WireJson.string(raw, "type");
    if (call == null) {
      answer.add(new Part.ProviderItem(opaque(raw)));
      return;
    }
    JsonNode content = raw.path("content");
    boolean error =
        raw.path("is_error").asBoolean(false)
            || WireJson.string(content, "type").endsWith("_error");
    ObjectNode output = NODES.objectNode();
    output.set("content", Sources.readable(content));
    String name = type.endsWith("_tool_result") ? type.substring(0, type.length() - 12) : type;
    answer.add(new Part.ToolResult(call, name, output, error, Optional.of(opaque(raw))));
  }

  private void messageDelta(JsonNode data) {
    String reason = WireJson.string(data.path("delta"), "stop_reason");
    if (!reason.isEmpty()) {
      stopReason = reason;
    }
    mergeUsage(data.path("usage"));
  }

  /// Figures are cumulative: the newest of each counts.
  private void mergeUsage(JsonNode newer) {
    if (newer instanceof ObjectNode figures) {
      figures.properties().stream()
          .filter(figure -> !figure.getValue().isNull())
          .forEach(figure -> usage.set(figure.getKey(), figure.getValue()));
    }
  }

  private void stop() throws StreamFailure {
    if (!answer.started()) {
      throw StreamFailure.malformed("message_stop before message_start");
    }
    for (Long index : open.keySet().stream().sorted().toList()) {
      blockStop(index);
    }
    answer.finish();
    stopped = true;
  }

  @Override
  public boolean started() {
    return answer.started();
  }

  @Override
  public Optional<Completion> completion() {
    if (!stopped) {
      return Optional.empty();
    }
    Completion.StopReason reason =
        switch (stopReason) {
          case "max_tokens", "model_context_window_exceeded" -> Completion.StopReason.LENGTH;
          case "refusal" -> Completion.StopReason.REFUSAL;
          case "pause_turn", "compaction" -> Completion.StopReason.PAUSE;
          default -> answer.stopReason(false);
        };
    return Optional.of(new Completion(answer.parts(), reason, usage()));
  }

  /// With compaction or an advisor the top-level figures are those of the last iteration only.
  private Usage usage() {
    JsonNode iterations = usage.path("iterations");
    Usage sum = Usage.NONE;
    for (JsonNode iteration : iterations) {
      sum = sum.plus(figures(iteration));
    }
    Usage last = figures(usage);
    Usage billed = sum.outputTokens() > last.outputTokens() ? sum : last;
    return new Usage(
        billed.inputTokens(),
        billed.outputTokens(),
        billed.cacheReadTokens(),
        billed.cacheWriteTokens(),
        WireJson.number(usage.path("output_tokens_details"), "thinking_tokens"));
  }

  private static Usage figures(JsonNode node) {
    long read = WireJson.number(node, "cache_read_input_tokens");
    long write = WireJson.number(node, "cache_creation_input_tokens");
    return new Usage(
        WireJson.number(node, "input_tokens") + read + write,
        WireJson.number(node, "output_tokens"),
        read,
        write,
        0);
  }
}
