package dev.warren.llm.openai;

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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Reads the events of a Responses stream. Items are told apart by their place in the output, since
/// some proxies give each event another id, and are taken from the event that ends them: what the
/// one that begins them holds (encrypted reasoning above all) is not final.
final class ResponsesAnswer implements WireFormat.AnswerStream {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final AnswerBuilder answer;
  private final String kind;
  private final Map<Long, Item> items = new TreeMap<>();
  private Usage usage = Usage.NONE;
  private String incomplete = "";
  private boolean refused;
  private boolean ended;

  /// @param kind of the opaque data
  ResponsesAnswer(AnswerBuilder answer, String kind) {
    this.answer = answer;
    this.kind = kind;
  }

  /// An item of the output while it grows.
  private static final class Item {
    /// By their place in the item's content.
    private final Map<Long, AnswerBuilder.OpenPart> texts = new TreeMap<>();

    private Optional<AnswerBuilder.OpenPart> reasoning = Optional.empty();
    private String reasoningPlace = "";
    private Optional<AnswerBuilder.OpenCall> call = Optional.empty();
    private boolean done;
  }

  @Override
  public boolean accept(WireEvent event) throws StreamFailure {
    if (event.data().strip().equals("[DONE]")) {
      return ended;
    }
    ObjectNode data =
        WireJson.object(event.data()).orElseThrow(() -> StreamFailure.malformed("no JSON object"));
    String type = WireJson.string(data, "type");
    switch (type) {
      case "response.created", "response.in_progress", "response.queued" -> answer.start();
      case "response.output_item.added" -> added(data, data.path("item"));
      case "response.output_text.delta" -> text(data);
      case "response.refusal.delta" -> {
        refused = true;
        text(data);
      }
      case "response.reasoning_summary_text.delta" -> reasoning(data, "summary_index");
      case "response.reasoning_text.delta" -> reasoning(data, "content_index");
      case "response.function_call_arguments.delta",
          "response.custom_tool_call_input.delta",
          "response.mcp_call_arguments.delta" ->
          arguments(data);
      case "response.output_item.done" -> done(item(data), data.path("item"));
      case "response.completed", "response.incomplete" -> {
        end(data.path("response"));
        return true;
      }
      case "response.failed" ->
          throw new StreamFailure(Failures.Detail.of(0, data.path("response"), ""));
      case "error" -> throw new StreamFailure(Failures.Detail.of(0, data, ""));
      default -> {
        if (data.path("error").isObject()) {
          throw new StreamFailure(Failures.Detail.of(0, data, ""));
        }
        // The ends of what grew piece by piece, and whatever is added later.
      }
    }
    return false;
  }

  private Item item(JsonNode data) {
    answer.start();
    long index = Math.clamp(WireJson.number(data, "output_index"), 0, Integer.MAX_VALUE);
    return items.computeIfAbsent(index, i -> new Item());
  }

  private void added(JsonNode data, JsonNode node) {
    Item item = item(data);
    switch (WireJson.string(node, "type")) {
      case "function_call", "custom_tool_call", "mcp_call" -> open(item, node);
      default -> {
        // Texts and reasoning begin with their first delta, the others come whole.
      }
    }
  }

  private AnswerBuilder.OpenCall open(Item item, JsonNode node) {
    AnswerBuilder.OpenCall call =
        item.call.orElseGet(() -> answer.openCall(WireJson.string(node, "name")));
    item.call = Optional.of(call);
    return call;
  }

  private void text(JsonNode data) {
    item(data)
        .texts
        .computeIfAbsent(WireJson.number(data, "content_index"), i -> answer.openText())
        .append(WireJson.string(data, "delta"));
  }

  /// Summaries come in paragraphs, each with an index of its own.
  private void reasoning(JsonNode data, String index) {
    Item item = item(data);
    String place = index + WireJson.number(data, index);
    AnswerBuilder.OpenPart part = item.reasoning.orElseGet(answer::openReasoning);
    if (item.reasoning.isPresent() && !item.reasoningPlace.equals(place)) {
      part.append("\n\n");
    }
    item.reasoning = Optional.of(part);
    item.reasoningPlace = place;
    part.append(WireJson.string(data, "delta"));
  }

  private void arguments(JsonNode data) throws StreamFailure {
    item(data)
        .call
        .orElseThrow(() -> StreamFailure.malformed("arguments of no call"))
        .arguments()
        .append(WireJson.string(data, "delta"));
  }

  private void done(Item item, JsonNode node) throws StreamFailure {
    if (item.done || !(node instanceof ObjectNode raw)) {
      throw StreamFailure.malformed("an item that ends twice, or is none");
    }
    item.done = true;
    switch (WireJson.string(raw, "type")) {
      case "message" -> message(item, raw);
      case "reasoning" -> thought(item, raw);
      case "function_call" -> call(item, raw, "arguments", false);
      case "custom_tool_call" -> call(item, raw, "input", false);
      case "mcp_call" -> {
        Part.ToolCall call = call(item, raw, "arguments", true);
        result(call, raw, List.of("output", "error"));
      }
      case "web_search_call", "file_search_call", "code_interpreter_call" -> providerCall(raw);
      default -> answer.add(new Part.ProviderItem(opaque(raw)));
    }
  }

  private Opaque opaque(JsonNode data) {
    return new Opaque(kind, WireJson.clean(data));
  }

  private void message(Item item, ObjectNode raw) {
    String phase = WireJson.string(raw, "phase");
    Optional<Opaque> opaque =
        phase.isEmpty()
            ? Optional.empty()
            : Optional.of(opaque(NODES.objectNode().put("phase", phase)));
    long index = 0;
    for (JsonNode content : raw.path("content")) {
      String refusal = WireJson.string(content, "refusal");
      refused |= !refusal.isEmpty();
      String whole = refusal.isEmpty() ? WireJson.string(content, "text") : refusal;
      if (!whole.isEmpty()) {
        item.texts.computeIfAbsent(index, i -> answer.openText()).appendRest(whole);
      }
      for (JsonNode annotation : content.path("annotations")) {
        answer.cite(WireJson.string(annotation, "url"), WireJson.string(annotation, "title"));
      }
      index++;
    }
    for (AnswerBuilder.OpenPart part : item.texts.values()) {
      part.done(new Part.Text(part.finish(), opaque));
    }
  }

  private void thought(Item item, ObjectNode raw) {
    AnswerBuilder.OpenPart part = item.reasoning.orElseGet(answer::openReasoning);
    JsonNode pieces = raw.path(raw.path("summary").isEmpty() ? "content" : "summary");
    part.appendRest(
        pieces
            .valueStream()
            .map(piece -> WireJson.string(piece, "text"))
            .collect(Collectors.joining("\n\n")));
    part.done(new Part.Reasoning(part.finish(), Optional.of(opaque(raw))));
  }

  private Part.ToolCall call(Item item, ObjectNode raw, String member, boolean providerExecuted) {
    AnswerBuilder.OpenCall open = open(item, raw);
    open.arguments().appendRest(WireJson.string(raw, member));
    if (providerExecuted) {
      return open.done(true, opaque(raw));
    }
    ObjectNode data = NODES.objectNode();
    data.put("id", WireJson.string(raw, "call_id")).put("type", WireJson.string(raw, "type"));
    String namespace = WireJson.string(raw, "namespace");
    if (!namespace.isEmpty()) {
      data.put("namespace", namespace);
    }
    return open.done(false, opaque(data));
  }

  /// A call of a tool of the provider's comes as one item, its result included.
  private void providerCall(ObjectNode raw) {
    String type = WireJson.string(raw, "type");
    AnswerBuilder.OpenCall open = answer.openCall(type.substring(0, type.lastIndexOf('_')));
    ObjectNode input = NODES.objectNode();
    for (String member : List.of("action", "queries", "code")) {
      if (raw.has(member)) {
        input.set(member, raw.path(member));
      }
    }
    open.arguments().append(input.toString());
    for (JsonNode source : raw.path("action").path("sources")) {
      answer.cite(WireJson.string(source, "url"), WireJson.string(source, "title"));
    }
    result(open.done(true, opaque(raw)), raw, List.of("results", "outputs", "status"));
  }

  private void result(Part.ToolCall call, ObjectNode raw, List<String> members) {
    ObjectNode output = NODES.objectNode();
    for (String member : members) {
      if (raw.has(member) && !raw.path(member).isNull()) {
        output.set(member, Sources.readable(raw.path(member)));
      }
    }
    boolean error =
        (raw.has("error") && !raw.path("error").isNull())
            || WireJson.string(raw, "status").equals("failed");
    answer.add(new Part.ToolResult(call.id(), call.name(), output, error, Optional.empty()));
  }

  private void end(JsonNode response) throws StreamFailure {
    answer.start();
    if (response.path("error").isObject()) {
      throw new StreamFailure(Failures.Detail.of(0, response, ""));
    }
    JsonNode output = response.path("output");
    if (items.isEmpty()) {
      // Some proxies send the whole only.
      for (int i = 0; i < output.size(); i++) {
        items.put((long) i, new Item());
      }
    }
    for (var item : items.entrySet()) {
      if (!item.getValue().done) {
        // Or they forget to end an item.
        done(item.getValue(), output.path(Math.toIntExact(item.getKey())));
      }
    }
    incomplete = WireJson.string(response.path("incomplete_details"), "reason");
    usage(response.path("usage"));
    answer.finish();
    ended = true;
  }

  private void usage(JsonNode node) {
    JsonNode input = node.path("input_tokens_details");
    usage =
        new Usage(
            WireJson.number(node, "input_tokens"),
            WireJson.number(node, "output_tokens"),
            WireJson.number(input, "cached_tokens"),
            WireJson.number(input, "cache_write_tokens"),
            WireJson.number(node.path("output_tokens_details"), "reasoning_tokens"));
  }

  @Override
  public boolean started() {
    return answer.started();
  }

  @Override
  public Optional<Completion> completion() {
    if (!ended) {
      return Optional.empty();
    }
    Completion.StopReason reason =
        switch (incomplete) {
          case "max_output_tokens" -> Completion.StopReason.LENGTH;
          case "content_filter" -> Completion.StopReason.REFUSAL;
          default -> answer.stopReason(refused);
        };
    return Optional.of(new Completion(answer.parts(), reason, usage));
  }
}
