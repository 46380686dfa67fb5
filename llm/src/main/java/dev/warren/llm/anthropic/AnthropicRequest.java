package dev.warren.llm.anthropic;

import dev.warren.llm.Message;
import dev.warren.llm.ModelRequest;
import dev.warren.llm.Opaque;
import dev.warren.llm.Part;
import dev.warren.llm.ToolSpec;
import dev.warren.llm.wire.CleanText;
import dev.warren.llm.wire.FileText;
import dev.warren.llm.wire.Options;
import dev.warren.llm.wire.ToolCallIds;
import dev.warren.llm.wire.Turns;
import dev.warren.llm.wire.WireJson;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/// The body of a Messages request. Roles alternate: neighbours of one role become one message, and
/// tool results are user content. The conversation stands last, so that the body of a chat's next
/// request begins with this one's, but for the breakpoints of the cache, which move along.
public final class AnthropicRequest {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final Set<String> IMAGES =
      Set.of("image/png", "image/jpeg", "image/gif", "image/webp");

  /// Members of `options` that are the adapter's own.
  private static final Set<String> OWN = Set.of("model", "messages", "stream", "system", "tools");

  private final ModelRequest request;
  private final ToolCallIds ids;
  private final Set<String> answered;

  public AnthropicRequest(ModelRequest request) {
    this.request = request;
    this.answered = answeredProviderCalls(request.messages());
    this.ids = new ToolCallIds(Anthropic.KIND, request.messages(), ToolCallIds.Form.ANY);
  }

  public ObjectNode body() {
    ObjectNode body = NODES.objectNode();
    body.put("model", request.model());
    body.put("max_tokens", maxTokens());
    body.put("stream", true);
    Options.merge(body, request.options(), OWN);
    boolean mark = !request.options().has("cache_control");
    system(mark).ifPresent(system -> body.set("system", system));
    ArrayNode tools = tools(mark);
    if (!tools.isEmpty()) {
      body.set("tools", tools);
    }
    Turns turns = turns();
    if (mark) {
      markNewestTurns(turns);
    }
    body.putArray("messages").addAll(turns.messages());
    return body;
  }

  /// The provider requires a limit, and thinking has to fit below it.
  private int maxTokens() {
    int wanted =
        request.maxOutputTokens().orElseGet(() -> AnthropicModels.outputTokens(request.model()));
    long thinking = WireJson.number(request.options().path("thinking"), "budget_tokens");
    return thinking >= wanted ? (int) Math.min(thinking + wanted, Integer.MAX_VALUE) : wanted;
  }

  private Optional<ArrayNode> system(boolean mark) {
    JsonNode extra = request.options().path("system");
    if (request.system().isBlank() && !extra.isString()) {
      return Optional.empty();
    }
    ArrayNode blocks = NODES.arrayNode();
    if (!request.system().isBlank()) {
      blocks.add(text(request.system()));
    }
    if (extra.isString() && !extra.stringValue().isBlank()) {
      blocks.add(text(extra.stringValue()));
    }
    if (mark) {
      breakpoint((ObjectNode) blocks.path(blocks.size() - 1));
    }
    return Optional.of(blocks);
  }

  private ArrayNode tools(boolean mark) {
    ArrayNode tools = NODES.arrayNode();
    for (ToolSpec spec : request.tools()) {
      ObjectNode tool = tools.addObject();
      tool.put("name", spec.name());
      tool.put("description", CleanText.clean(spec.description()));
      tool.set("input_schema", spec.inputSchema());
    }
    if (mark && !tools.isEmpty()) {
      breakpoint((ObjectNode) tools.path(tools.size() - 1));
    }
    request.options().path("tools").forEach(tools::add);
    return tools;
  }

  private Turns turns() {
    Turns turns = new Turns("content");
    for (Message message : request.messages()) {
      String role = message.role() == Message.Role.ASSISTANT ? "assistant" : "user";
      ArrayNode content = NODES.arrayNode();
      message.parts().forEach(part -> block(part).ifPresent(content::add));
      turns.add(role, content);
    }
    return turns;
  }

  /// Calls of the provider's own tools that may go back: those with a result, and those of a paused
  /// turn, which stands last. One that an interruption left without a result would be refused.
  private static Set<String> answeredProviderCalls(List<Message> messages) {
    Set<String> answered = new HashSet<>();
    for (int i = 0; i < messages.size(); i++) {
      boolean last = i == messages.size() - 1;
      for (Part part : messages.get(i).parts()) {
        own(part)
            .map(raw -> WireJson.string(raw, part instanceof Part.ToolCall ? "id" : "tool_use_id"))
            .filter(id -> last || !(part instanceof Part.ToolCall))
            .ifPresent(answered::add);
      }
    }
    return answered;
  }

  /// Nothing for what this provider cannot take back.
  private Optional<ObjectNode> block(Part part) {
    return switch (part) {
      case Part.Text text -> text.text().isBlank() ? Optional.empty() : Optional.of(text(text));
      case Part.Reasoning reasoning -> own(reasoning).map(data -> thinking(reasoning, data));
      case Part.ToolCall call ->
          call.providerExecuted()
              ? own(call).filter(raw -> answered.contains(WireJson.string(raw, "id")))
              : Optional.of(toolUse(call));
      case Part.ToolResult result ->
          ids.has(result.callId()) ? Optional.of(toolResult(result)) : own(result);
      case Part.File file -> Optional.of(file(file));
      case Part.Source source -> own(source);
      case Part.ProviderItem item -> own(item);
    };
  }

  private static Optional<ObjectNode> own(Part part) {
    return Opaque.own(part, Anthropic.KIND);
  }

  private static ObjectNode text(Part.Text part) {
    ObjectNode block = text(part.text());
    own(part).ifPresent(block::setAll);
    return block;
  }

  private static ObjectNode text(String text) {
    ObjectNode block = NODES.objectNode();
    block.put("type", "text");
    block.put("text", CleanText.clean(text));
    return block;
  }

  private static ObjectNode thinking(Part.Reasoning part, ObjectNode data) {
    if (WireJson.string(data, "type").equals("redacted_thinking")) {
      return data;
    }
    ObjectNode block = NODES.objectNode();
    block.put("type", "thinking");
    block.put("thinking", part.text());
    block.setAll(data);
    return block;
  }

  private ObjectNode toolUse(Part.ToolCall call) {
    ObjectNode block = NODES.objectNode();
    block.put("type", "tool_use");
    block.put("id", ids.of(call.id()));
    block.put("name", ToolCallIds.name(call.name()));
    block.putRawValue("input", new RawValue(ToolCallIds.input(call)));
    own(call)
        .map(data -> data.path("caller"))
        .filter(JsonNode::isObject)
        .ifPresent(caller -> block.set("caller", caller));
    return block;
  }

  private ObjectNode toolResult(Part.ToolResult result) {
    ObjectNode block = NODES.objectNode();
    block.put("type", "tool_result");
    block.put("tool_use_id", ids.of(result.callId()));
    block.put("content", CleanText.clean(result.output().toString()));
    if (result.error()) {
      block.put("is_error", true);
    }
    return block;
  }

  private static ObjectNode file(Part.File file) {
    if (IMAGES.contains(file.mediaType())) {
      ObjectNode block = NODES.objectNode();
      block.put("type", "image");
      base64(block.putObject("source"), file);
      return block;
    }
    if (FileText.pdf(file)) {
      ObjectNode block = NODES.objectNode();
      block.put("type", "document");
      base64(block.putObject("source"), file);
      block.put("title", CleanText.clean(file.name()));
      return block;
    }
    if (!FileText.readable(file)) {
      return text(FileText.unreadable(file));
    }
    ObjectNode block = NODES.objectNode();
    block.put("type", "document");
    ObjectNode source = block.putObject("source");
    source.put("type", "text");
    source.put("media_type", "text/plain");
    source.put("data", CleanText.clean(new String(file.content(), StandardCharsets.UTF_8)));
    block.put("title", CleanText.clean(file.name()));
    return block;
  }

  private static void base64(ObjectNode source, Part.File file) {
    source.put("type", "base64");
    source.put("media_type", file.mediaType());
    source.put("data", FileText.base64(file));
  }

  /// With the system prompt and the tools these are the four breakpoints that the API allows.
  private static void markNewestTurns(Turns turns) {
    for (ObjectNode message : turns.newestOfUser()) {
      ArrayNode content = turns.blocks(message);
      breakpoint((ObjectNode) content.path(content.size() - 1));
    }
  }

  private static void breakpoint(ObjectNode block) {
    block.putObject("cache_control").put("type", "ephemeral");
  }
}
