package dev.warren.llm.openai;

import dev.warren.llm.Message;
import dev.warren.llm.ModelRequest;
import dev.warren.llm.Opaque;
import dev.warren.llm.Part;
import dev.warren.llm.ToolSpec;
import dev.warren.llm.wire.CleanText;
import dev.warren.llm.wire.FileText;
import dev.warren.llm.wire.Options;
import dev.warren.llm.wire.ToolCallIds;
import dev.warren.llm.wire.WireJson;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The body of a Responses request. Nothing is stored at the provider: each request carries the
/// whole conversation, the encrypted reasoning included. The conversation stands last, so that the
/// body of a chat's next request begins with this one's.
final class ResponsesRequest {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /// Members of `options` that are the adapter's own.
  private static final Set<String> OWN = Set.of("model", "input", "stream", "tools");

  private final ModelRequest request;
  private final String kind;
  private final ToolCallIds ids;
  private final ArrayNode input = NODES.arrayNode();

  /// Calls whose input is free text: their results have a type of their own.
  private final Map<UUID, String> customCalls = new HashMap<>();

  /// @param kind of the opaque data that may go back
  ResponsesRequest(ModelRequest request, String kind) {
    this.request = request;
    this.kind = kind;
    this.ids = new ToolCallIds(kind, request.messages(), ToolCallIds.Form.ANY);
  }

  ObjectNode body() {
    ObjectNode body = NODES.objectNode();
    body.put("model", request.model());
    body.put("stream", true);
    body.put("store", false);
    if (OpenAiModels.reasons(request.model())) {
      body.putArray("include").add("reasoning.encrypted_content");
    }
    request.maxOutputTokens().ifPresent(max -> body.put("max_output_tokens", Math.max(16, max)));
    if (!request.cacheKey().isEmpty()) {
      body.put("prompt_cache_key", request.cacheKey());
    }
    if (!request.system().isBlank()) {
      body.put("instructions", CleanText.clean(request.system()));
    }
    Options.merge(body, request.options(), OWN);
    ArrayNode tools = tools();
    if (!tools.isEmpty()) {
      body.set("tools", tools);
    }
    for (Message message : request.messages()) {
      switch (message.role()) {
        case USER -> user(message.parts());
        case ASSISTANT, TOOL -> message.parts().forEach(part -> item(part).ifPresent(input::add));
      }
    }
    body.set("input", input);
    return body;
  }

  private ArrayNode tools() {
    ArrayNode tools = NODES.arrayNode();
    for (ToolSpec spec : request.tools()) {
      ObjectNode tool = tools.addObject();
      tool.put("type", "function");
      tool.put("name", spec.name());
      tool.put("description", CleanText.clean(spec.description()));
      tool.set("parameters", spec.inputSchema());
      // Strict schemas must require every property, and ours have optional ones.
      tool.put("strict", false);
    }
    request.options().path("tools").forEach(tools::add);
    return tools;
  }

  private void user(List<Part> parts) {
    ArrayNode content = NODES.arrayNode();
    for (Part part : parts) {
      if (part instanceof Part.Text text && !text.text().isBlank()) {
        content.add(text(text.text()));
      } else if (part instanceof Part.File file) {
        content.add(file(file));
      }
    }
    if (!content.isEmpty()) {
      input.addObject().put("role", "user").set("content", content);
    }
  }

  private static ObjectNode text(String text) {
    return NODES.objectNode().put("type", "input_text").put("text", CleanText.clean(text));
  }

  private static ObjectNode file(Part.File file) {
    if (file.mediaType().startsWith("image/")) {
      return NODES
          .objectNode()
          .put("type", "input_image")
          .put("image_url", FileText.dataUrl(file))
          .put("detail", "auto");
    }
    if (FileText.pdf(file)) {
      return NODES
          .objectNode()
          .put("type", "input_file")
          .put("filename", CleanText.clean(file.name()))
          .put("file_data", FileText.dataUrl(file));
    }
    return text(FileText.shown(file));
  }

  /// Nothing for what this provider cannot take back.
  private Optional<ObjectNode> item(Part part) {
    return switch (part) {
      case Part.Text text -> text.text().isBlank() ? Optional.empty() : Optional.of(said(text));
      case Part.Reasoning reasoning ->
          Opaque.own(reasoning, kind).filter(ResponsesRequest::complete);
      case Part.ToolCall call ->
          call.providerExecuted() ? Opaque.own(call, kind) : Optional.of(call(call));
      case Part.ToolResult result ->
          ids.has(result.callId()) ? Optional.of(result(result)) : Optional.empty();
      case Part.ProviderItem item -> Opaque.own(item, kind);
      case Part.Source _, Part.File _ -> Optional.empty();
    };
  }

  /// Reasoning that is neither encrypted nor open lives at the provider only, where nothing of ours
  /// is stored.
  private static boolean complete(ObjectNode item) {
    return item.path("encrypted_content").isString() || !item.path("content").isEmpty();
  }

  /// As the short form of a message: the long one must have an id and a status.
  private ObjectNode said(Part.Text text) {
    ObjectNode item = NODES.objectNode();
    item.put("type", "message");
    item.put("role", "assistant");
    item.put("content", CleanText.clean(text.text()));
    // The phase, which tells a comment from the answer.
    Opaque.own(text, kind).ifPresent(item::setAll);
    return item;
  }

  private ObjectNode call(Part.ToolCall call) {
    ObjectNode item = NODES.objectNode();
    Optional<ObjectNode> own = Opaque.own(call, kind);
    boolean custom =
        own.filter(data -> WireJson.string(data, "type").equals("custom_tool_call")).isPresent();
    item.put("type", custom ? "custom_tool_call" : "function_call");
    item.put("call_id", ids.of(call.id()));
    item.put("name", ToolCallIds.name(call.name()));
    if (custom) {
      customCalls.put(call.id(), call.name());
      item.put("input", call.rawInput());
    } else {
      item.put("arguments", ToolCallIds.input(call));
    }
    own.map(data -> WireJson.string(data, "namespace"))
        .filter(namespace -> !namespace.isEmpty())
        .ifPresent(namespace -> item.put("namespace", namespace));
    return item;
  }

  private ObjectNode result(Part.ToolResult result) {
    boolean custom = customCalls.containsKey(result.callId());
    return NODES
        .objectNode()
        .put("type", custom ? "custom_tool_call_output" : "function_call_output")
        .put("call_id", ids.of(result.callId()))
        .put("output", CleanText.clean(result.output().toString()));
  }
}
