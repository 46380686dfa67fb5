package dev.warren.llm.bedrock;

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
import java.util.TreeMap;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Reads the events of a ConverseStream answer. Blocks of text and reasoning come without an event
/// that begins them; the usage comes after the end of the message.
final class ConverseAnswer implements WireFormat.AnswerStream {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final AnswerBuilder answer;
  private final Map<Long, OpenBlock> open = new TreeMap<>();
  private final Map<String, UUID> providerCalls = new HashMap<>();
  private Usage usage = Usage.NONE;
  private String stopReason = "";
  private boolean closed;

  ConverseAnswer(AnswerBuilder answer) {
    this.answer = answer;
  }

  /// A block whose deltas still come.
  private sealed interface OpenBlock {
    record Text(AnswerBuilder.OpenPart part) implements OpenBlock {}

    record Thinking(AnswerBuilder.OpenPart part, StringBuilder signature, StringBuilder redacted)
        implements OpenBlock {}

    record Call(AnswerBuilder.OpenCall call, ObjectNode start) implements OpenBlock {}

    record Result(ObjectNode start, ArrayNode content) implements OpenBlock {}
  }

  @Override
  public boolean accept(WireEvent event) throws StreamFailure {
    ObjectNode data =
        WireJson.object(event.data()).orElseThrow(() -> StreamFailure.malformed("no JSON object"));
    long index = WireJson.number(data, "contentBlockIndex");
    switch (event.type()) {
      case "messageStart" -> answer.start();
      case "contentBlockStart" -> start(index, data.path("start"));
      case "contentBlockDelta" -> delta(index, data.path("delta"));
      case "contentBlockStop" -> {
        OpenBlock block = open.remove(index);
        if (block != null) {
          done(block);
        }
      }
      case "messageStop" -> stop(WireJson.string(data, "stopReason"));
      case "metadata" -> usage(data.path("usage"));
      default -> {
        // Whatever is added later.
      }
    }
    return false;
  }

  private void start(long index, JsonNode start) throws StreamFailure {
    answer.start();
    if (open.containsKey(index)) {
      throw StreamFailure.malformed("a block begins twice");
    }
    if (start.path("toolUse") instanceof ObjectNode use) {
      open.put(index, new OpenBlock.Call(answer.openCall(WireJson.string(use, "name")), use));
    } else if (start.path("toolResult") instanceof ObjectNode result) {
      open.put(index, new OpenBlock.Result(result, NODES.arrayNode()));
    }
  }

  private void delta(long index, JsonNode delta) throws StreamFailure {
    answer.start();
    if (delta.has("text")) {
      if (open.computeIfAbsent(index, i -> new OpenBlock.Text(answer.openText()))
          instanceof OpenBlock.Text text) {
        text.part().append(WireJson.string(delta, "text"));
      }
    } else if (delta.has("reasoningContent")) {
      reasoning(index, delta.path("reasoningContent"));
    } else if (delta.has("toolUse")) {
      if (!(open.get(index) instanceof OpenBlock.Call call)) {
        throw StreamFailure.malformed("arguments of no call");
      }
      call.call().arguments().append(WireJson.string(delta.path("toolUse"), "input"));
    } else if (delta.has("toolResult")) {
      if (open.get(index) instanceof OpenBlock.Result result) {
        delta.path("toolResult").forEach(result.content()::add);
      }
    } else if (delta.has("citation")) {
      JsonNode citation = delta.path("citation");
      String url = WireJson.string(citation.path("location").path("web"), "url");
      answer.cite(url, WireJson.string(citation, "title"));
    }
  }

  private void reasoning(long index, JsonNode delta) {
    OpenBlock block =
        open.computeIfAbsent(
            index,
            i ->
                new OpenBlock.Thinking(
                    answer.openReasoning(), new StringBuilder(), new StringBuilder()));
    if (block instanceof OpenBlock.Thinking thinking) {
      thinking.part().append(WireJson.string(delta, "text"));
      thinking.signature().append(WireJson.string(delta, "signature"));
      thinking.redacted().append(WireJson.string(delta, "redactedContent"));
    }
  }

  private static Opaque opaque(JsonNode data) {
    return new Opaque(Converse.KIND, WireJson.clean(data));
  }

  private void done(OpenBlock block) {
    switch (block) {
      case OpenBlock.Text text ->
          text.part().done(new Part.Text(text.part().finish(), Optional.empty()));
      case OpenBlock.Thinking thinking -> {
        ObjectNode data = NODES.objectNode();
        if (!thinking.redacted().isEmpty()) {
          data.put("redactedContent", thinking.redacted().toString());
        }
        if (!thinking.signature().isEmpty()) {
          data.put("signature", thinking.signature().toString());
        }
        String text = thinking.part().finish();
        thinking.part().done(new Part.Reasoning(text, Optional.of(opaque(data))));
      }
      case OpenBlock.Call call -> {
        String id = WireJson.string(call.start(), "toolUseId");
        boolean providers = WireJson.string(call.start(), "type").equals("server_tool_use");
        if (providers) {
          providerCalls.put(id, call.call().id());
        }
        call.call().done(providers, opaque(NODES.objectNode().put("id", id)));
      }
      case OpenBlock.Result result -> result(result);
    }
  }

  private void result(OpenBlock.Result result) {
    UUID call = providerCalls.get(WireJson.string(result.start(), "toolUseId"));
    if (call == null) {
      return;
    }
    String type = WireJson.string(result.start(), "type");
    String name = type.endsWith("_result") ? type.substring(0, type.length() - 7) : type;
    ObjectNode output = NODES.objectNode();
    output.set("content", Sources.readable(result.content()));
    boolean error = WireJson.string(result.start(), "status").equals("error");
    answer.add(new Part.ToolResult(call, name, output, error, Optional.empty()));
  }

  private void stop(String reason) throws StreamFailure {
    if (!answer.started()) {
      throw StreamFailure.malformed("messageStop before messageStart");
    }
    if (reason.startsWith("malformed_")) {
      // The model's slip: another try differs.
      throw new StreamFailure(new Failures.Detail(0, "server_error", reason, "", "", ""));
    }
    stopReason = reason.isEmpty() ? "end_turn" : reason;
  }

  /// AWS counts what came from the cache beside the input.
  private void usage(JsonNode node) {
    long read = WireJson.number(node, "cacheReadInputTokens");
    long write = WireJson.number(node, "cacheWriteInputTokens");
    usage =
        new Usage(
            WireJson.number(node, "inputTokens") + read + write,
            WireJson.number(node, "outputTokens"),
            read,
            write,
            0);
  }

  @Override
  public boolean started() {
    return answer.started();
  }

  @Override
  public Optional<Completion> completion() {
    if (stopReason.isEmpty()) {
      return Optional.empty();
    }
    if (!closed) {
      closed = true;
      open.values().forEach(this::done);
      open.clear();
      answer.finish();
    }
    Completion.StopReason reason =
        switch (stopReason) {
          case "max_tokens", "model_context_window_exceeded" -> Completion.StopReason.LENGTH;
          case "guardrail_intervened", "content_filtered" -> Completion.StopReason.REFUSAL;
          default -> answer.stopReason(false);
        };
    return Optional.of(new Completion(answer.parts(), reason, usage));
  }
}
