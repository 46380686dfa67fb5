package dev.warren.llm.openai;

import dev.warren.llm.Completion;
import dev.warren.llm.Opaque;
import dev.warren.llm.Part;
import dev.warren.llm.StreamEvent;
import dev.warren.llm.Usage;
import dev.warren.llm.wire.AnswerBuilder;
import dev.warren.llm.wire.Failures;
import dev.warren.llm.wire.StreamFailure;
import dev.warren.llm.wire.WireEvent;
import dev.warren.llm.wire.WireFormat;
import dev.warren.llm.wire.WireJson;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Reads the chunks of a Chat Completions stream, in the many shades in which servers write them.
final class OpenAiChatAnswer implements WireFormat.AnswerStream {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final AnswerBuilder answer;
  private final String kind;

  /// The text or reasoning that grows at present, and the member it came in.
  private Optional<AnswerBuilder.OpenPart> writing = Optional.empty();

  private String reasoningMember = "";
  private final ArrayNode reasoningDetails = NODES.arrayNode();

  private final Map<String, PendingCall> calls = new LinkedHashMap<>();
  private Optional<PendingCall> newestCall = Optional.empty();

  private Usage usage = Usage.NONE;
  private String finishReason = "";
  private boolean refused;
  private boolean done;
  private boolean closed;

  /// @param kind of the opaque data
  OpenAiChatAnswer(AnswerBuilder answer, String kind) {
    this.answer = answer;
    this.kind = kind;
  }

  /// A call of which the name may still be missing.
  private static final class PendingCall {
    private String id = "";
    private final StringBuilder name = new StringBuilder();
    private final StringBuilder early = new StringBuilder();
    private Optional<AnswerBuilder.OpenCall> open = Optional.empty();
  }

  @Override
  public boolean accept(WireEvent event) throws StreamFailure {
    if (event.data().strip().equals("[DONE]")) {
      done = answer.started();
      return true;
    }
    ObjectNode chunk =
        WireJson.object(event.data()).orElseThrow(() -> StreamFailure.malformed("no JSON object"));
    if (event.type().equals("error") || hasError(chunk)) {
      throw new StreamFailure(Failures.Detail.of(0, chunk, ""));
    }
    answer.start();
    JsonNode choice = chunk.path("choices").path(0);
    delta(choice.path("delta"));
    String reason = WireJson.string(choice, "finish_reason");
    if (!reason.isEmpty()) {
      finishReason = reason;
    }
    usage(chunk.path("usage"));
    usage(chunk.path("x_groq").path("usage"));
    return false;
  }

  private static boolean hasError(ObjectNode chunk) {
    JsonNode error = chunk.path("error");
    return error.isObject() || (error.isString() && !error.stringValue().isEmpty());
  }

  private void delta(JsonNode delta) throws StreamFailure {
    String reasoning = WireJson.string(delta, "reasoning_content");
    if (!reasoning.isEmpty()) {
      reasoning("reasoning_content", reasoning);
    } else {
      reasoning("reasoning", WireJson.string(delta, "reasoning"));
    }
    details(
        delta.path("reasoning_details"),
        reasoning.isEmpty() && !delta.path("reasoning").isString());
    write(StreamEvent.Kind.TEXT, content(delta.path("content")));
    String refusal = WireJson.string(delta, "refusal");
    refused |= !refusal.isEmpty();
    write(StreamEvent.Kind.TEXT, refusal);
    // Of servers that search the web themselves.
    for (JsonNode annotation : delta.path("annotations")) {
      JsonNode citation = annotation.path("url_citation");
      answer.cite(WireJson.string(citation, "url"), WireJson.string(citation, "title"));
    }
    for (JsonNode call : delta.path("tool_calls")) {
      call(call);
    }
  }

  /// Mistral's reasoning models send a list of blocks instead of a string.
  private static String content(JsonNode content) {
    if (content.isString()) {
      return content.stringValue();
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode block : content) {
      text.append(WireJson.string(block, "text"));
    }
    return text.toString();
  }

  private void reasoning(String member, String text) {
    if (!text.isEmpty()) {
      reasoningMember = member;
      write(StreamEvent.Kind.REASONING, text);
    }
  }

  /// OpenRouter and Snowflake send reasoning, with signatures, as a list whose items grow.
  ///
  /// @param only whether the text comes in no other member
  private void details(JsonNode details, boolean only) {
    for (JsonNode item : details) {
      if (!(item instanceof ObjectNode object)) {
        continue;
      }
      if (only) {
        String text = WireJson.string(object, "text");
        reasoning("reasoning", text.isEmpty() ? WireJson.string(object, "summary") : text);
      }
      if (reasoningDetails.isEmpty()
          || !grow(reasoningDetails.path(reasoningDetails.size() - 1), object)) {
        reasoningDetails.add(object.deepCopy());
      }
    }
  }

  private static boolean grow(JsonNode last, ObjectNode next) {
    boolean same =
        last.path("type").equals(next.path("type"))
            && last.path("index").equals(next.path("index"));
    if (!same || !(last instanceof ObjectNode target) || next.has("data")) {
      return false;
    }
    for (var member : next.properties()) {
      String key = member.getKey();
      boolean text = key.equals("text") || key.equals("summary");
      if (text && member.getValue().isString()) {
        target.put(key, WireJson.string(target, key) + member.getValue().stringValue());
      } else if (!text && !member.getValue().isNull()) {
        target.set(key, member.getValue());
      }
    }
    return true;
  }

  private void write(StreamEvent.Kind kind, String text) {
    if (text.isEmpty()) {
      return;
    }
    if (writing.isPresent() && writing.get().kind() != kind) {
      finishWriting();
    }
    AnswerBuilder.OpenPart part =
        writing.orElseGet(
            () -> kind == StreamEvent.Kind.TEXT ? answer.openText() : answer.openReasoning());
    writing = Optional.of(part);
    part.append(text);
  }

  private void finishWriting() {
    writing.ifPresent(part -> {
      String text = part.finish();
      if (part.kind() == StreamEvent.Kind.TEXT) {
        part.done(Part.Text.of(text));
      } else {
        part.done(new Part.Reasoning(text, Optional.of(reasoningOpaque())));
      }
    });
    writing = Optional.empty();
  }

  private Opaque reasoningOpaque() {
    ObjectNode data = NODES.objectNode();
    if (reasoningDetails.isEmpty()) {
      data.put("member", reasoningMember);
    } else {
      data.set("reasoning_details", WireJson.clean(reasoningDetails));
      reasoningDetails.removeAll();
    }
    return new Opaque(kind, data);
  }

  private void call(JsonNode delta) throws StreamFailure {
    PendingCall call = pending(delta);
    JsonNode function = delta.path("function");
    if (call.open.isEmpty()) {
      call.name.append(WireJson.string(function, "name"));
    }
    JsonNode arguments = function.path("arguments");
    String text =
        arguments.isString()
            ? arguments.stringValue()
            : arguments.isObject() ? arguments.toString() : "";
    if (call.open.isEmpty() && !call.name.isEmpty()) {
      finishWriting();
      call.open = Optional.of(answer.openCall(call.name.toString()));
      call.open.get().arguments().append(call.early.toString());
    }
    if (call.open.isPresent()) {
      call.open.get().arguments().append(text);
    } else {
      call.early.append(text);
    }
  }

  /// The call that a delta belongs to. Its index says so, unless it is missing or 0 for all: then a
  /// new id begins a new call. Ids may come in the first delta only, or be empty later.
  private PendingCall pending(JsonNode delta) {
    String id = WireJson.string(delta, "id");
    boolean indexed = delta.path("index").isNumber();
    String key = indexed ? "#" + WireJson.number(delta, "index") : id;
    Optional<PendingCall> known = key.isEmpty() ? newestCall : Optional.ofNullable(calls.get(key));
    if (known.isPresent() && !begins(known.get(), id, delta)) {
      newestCall = known;
      if (known.get().id.isEmpty()) {
        known.get().id = id;
      }
      return known.get();
    }
    PendingCall call = new PendingCall();
    call.id = id;
    // One that shares its index with an earlier call takes its place for the deltas to come.
    known.ifPresent(earlier -> calls.put("earlier " + calls.size(), earlier));
    calls.put(key.isEmpty() ? "unnamed " + calls.size() : key, call);
    newestCall = Optional.of(call);
    return call;
  }

  private static boolean begins(PendingCall known, String id, JsonNode delta) {
    boolean otherId = !id.isEmpty() && !known.id.isEmpty() && !id.equals(known.id);
    return otherId && !WireJson.string(delta.path("function"), "name").isEmpty();
  }

  /// Figures may come on every chunk and are then cumulative: the last counts.
  private void usage(JsonNode node) {
    if (!node.isObject() || !node.has("prompt_tokens")) {
      return;
    }
    long input = WireJson.number(node, "prompt_tokens");
    long output = WireJson.number(node, "completion_tokens");
    long reasoning = WireJson.number(node.path("completion_tokens_details"), "reasoning_tokens");
    // xAI counts reasoning beside the completion, everyone else within it.
    if (reasoning > output || WireJson.number(node, "total_tokens") == input + output + reasoning) {
      output += reasoning;
    }
    JsonNode details = node.path("prompt_tokens_details");
    long cached =
        Math.max(
            WireJson.number(details, "cached_tokens"),
            WireJson.number(node, "prompt_cache_hit_tokens"));
    long written = WireJson.number(details, "cache_write_tokens");
    usage = new Usage(input, output, cached, written, reasoning);
  }

  @Override
  public boolean started() {
    return answer.started();
  }

  /// The answer is whole after `[DONE]`, or when the stream ends after a finish reason: each of the
  /// two is missing with some servers.
  @Override
  public Optional<Completion> completion() {
    if (!done && finishReason.isEmpty()) {
      return Optional.empty();
    }
    close();
    Completion.StopReason reason =
        switch (finishReason) {
          case "length" -> Completion.StopReason.LENGTH;
          case "content_filter" -> Completion.StopReason.REFUSAL;
          default -> answer.stopReason(refused);
        };
    return Optional.of(new Completion(answer.parts(), reason, usage));
  }

  private void close() {
    if (closed) {
      return;
    }
    closed = true;
    finishWriting();
    if (!reasoningDetails.isEmpty()) {
      answer.add(new Part.Reasoning("", Optional.of(reasoningOpaque())));
    }
    for (PendingCall call : calls.values()) {
      AnswerBuilder.OpenCall open = call.open.orElseGet(() -> answer.openCall("unnamed"));
      if (call.open.isEmpty()) {
        open.arguments().append(call.early.toString());
      }
      open.done(false, new Opaque(kind, NODES.objectNode().put("id", call.id)));
    }
    answer.finish();
  }
}
