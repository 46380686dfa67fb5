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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The body of a Chat Completions request. The conversation stands last, so that the body of a
/// chat's next request begins with this one's.
public final class OpenAiChatRequest {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /// Members of `options` that are the adapter's own.
  private static final Set<String> OWN = Set.of("model", "messages", "stream", "tools");

  private final ModelRequest request;
  private final String kind;
  private final ChatQuirks quirks;
  private final ToolCallIds ids;
  private final ArrayNode messages = NODES.arrayNode();

  /// @param kind of the opaque data that may go back
  public OpenAiChatRequest(ModelRequest request, String kind, ChatQuirks quirks) {
    this.request = request;
    this.kind = kind;
    this.quirks = quirks;
    this.ids = new ToolCallIds(kind, request.messages(), quirks.callIds());
  }

  public ObjectNode body() {
    ObjectNode body = NODES.objectNode();
    body.put("model", request.model());
    body.put("stream", true);
    if (quirks.streamUsage()) {
      body.putObject("stream_options").put("include_usage", true);
    }
    request.maxOutputTokens().ifPresent(max -> body.put(quirks.maxTokensMember(), max));
    if (quirks.promptCacheKey() && !request.cacheKey().isEmpty()) {
      body.put("prompt_cache_key", request.cacheKey());
    }
    Options.merge(body, request.options(), OWN);
    ArrayNode tools = tools();
    if (!tools.isEmpty()) {
      body.set("tools", tools);
    }
    if (!request.system().isBlank()) {
      message("system").put("content", CleanText.clean(request.system()));
    }
    for (Message message : request.messages()) {
      switch (message.role()) {
        case USER -> user(message.parts());
        case ASSISTANT -> assistant(message.parts());
        case TOOL -> results(message.parts());
      }
    }
    body.set("messages", messages);
    return body;
  }

  private ArrayNode tools() {
    ArrayNode tools = NODES.arrayNode();
    for (ToolSpec spec : request.tools()) {
      ObjectNode tool = tools.addObject();
      tool.put("type", "function");
      ObjectNode function = tool.putObject("function");
      function.put("name", spec.name());
      function.put("description", CleanText.clean(spec.description()));
      function.set("parameters", spec.inputSchema());
    }
    request.options().path("tools").forEach(tools::add);
    return tools;
  }

  private ObjectNode message(String role) {
    return messages.addObject().put("role", role);
  }

  /// Neighbouring user messages become one, since some servers insist that roles alternate. A
  /// single text is sent as a string: not every server takes a list.
  private void user(List<Part> parts) {
    ArrayNode content = NODES.arrayNode();
    parts.forEach(part -> block(part).ifPresent(content::add));
    if (content.isEmpty()) {
      return;
    }
    JsonNode last = messages.isEmpty() ? NODES.objectNode() : messages.path(messages.size() - 1);
    if (WireJson.string(last, "role").equals("user")) {
      ((ObjectNode) last).set("content", joined(blocks(last.path("content")).addAll(content)));
    } else {
      message("user").set("content", joined(content));
    }
  }

  private static ArrayNode blocks(JsonNode content) {
    return content instanceof ArrayNode array
        ? array
        : NODES.arrayNode().add(text(content.asString()));
  }

  private static JsonNode joined(ArrayNode content) {
    boolean onlyText = true;
    StringBuilder text = new StringBuilder();
    for (JsonNode block : content) {
      onlyText &= WireJson.string(block, "type").equals("text");
      text.append(text.isEmpty() ? "" : "\n\n").append(WireJson.string(block, "text"));
    }
    return onlyText ? NODES.stringNode(text.toString()) : content;
  }

  /// Parts of a user message; nothing for what has no place there.
  private static Optional<ObjectNode> block(Part part) {
    return switch (part) {
      case Part.Text text ->
          text.text().isBlank() ? Optional.empty() : Optional.of(text(text.text()));
      case Part.File file -> Optional.of(file(file));
      case Part.Reasoning _,
          Part.ToolCall _,
          Part.ToolResult _,
          Part.Source _,
          Part.ProviderItem _ ->
          Optional.empty();
    };
  }

  private static ObjectNode text(String text) {
    return NODES.objectNode().put("type", "text").put("text", CleanText.clean(text));
  }

  private static ObjectNode file(Part.File file) {
    if (file.mediaType().startsWith("image/")) {
      ObjectNode block = NODES.objectNode().put("type", "image_url");
      block.putObject("image_url").put("url", FileText.dataUrl(file));
      return block;
    }
    if (FileText.pdf(file)) {
      ObjectNode block = NODES.objectNode().put("type", "file");
      block
          .putObject("file")
          .put("filename", CleanText.clean(file.name()))
          .put("file_data", FileText.dataUrl(file));
      return block;
    }
    return text(FileText.shown(file));
  }

  private void assistant(List<Part> parts) {
    StringBuilder text = new StringBuilder();
    ArrayNode calls = NODES.arrayNode();
    for (Part part : parts) {
      if (part instanceof Part.Text piece) {
        text.append(piece.text());
      } else if (part instanceof Part.ToolCall call && !call.providerExecuted()) {
        call(calls.addObject(), call);
      }
    }
    if (text.isEmpty() && calls.isEmpty()) {
      return;
    }
    ObjectNode message = message("assistant");
    if (text.isEmpty()) {
      message.putNull("content");
    } else {
      message.put("content", CleanText.clean(text.toString()));
    }
    reasoning(message, parts, !calls.isEmpty());
    if (quirks.reasoningRequired() && !calls.isEmpty() && !message.has("reasoning_content")) {
      message.put("reasoning_content", "");
    }
    if (!calls.isEmpty()) {
      message.set("tool_calls", calls);
    }
  }

  /// Signed details go back always. Plain reasoning goes back beside tool calls only: DeepSeek's
  /// guide to thinking with tools asks for it there, and its older models refuse it elsewhere.
  private void reasoning(ObjectNode message, List<Part> parts, boolean withCalls) {
    StringBuilder plain = new StringBuilder();
    String member = "";
    for (Part part : parts) {
      Optional<ObjectNode> data =
          part instanceof Part.Reasoning ? Opaque.own(part, kind) : Optional.empty();
      if (data.isEmpty()) {
        continue;
      }
      if (data.get().path("reasoning_details") instanceof ArrayNode details) {
        ArrayNode all =
            message.path("reasoning_details") instanceof ArrayNode array
                ? array
                : message.putArray("reasoning_details");
        all.addAll(details);
      } else if (withCalls) {
        member = WireJson.string(data.get(), "member");
        plain.append(((Part.Reasoning) part).text());
      }
    }
    if (!member.isEmpty() && !plain.isEmpty()) {
      message.put(member, plain.toString());
    }
  }

  private void call(ObjectNode node, Part.ToolCall call) {
    node.put("id", ids.of(call.id()));
    node.put("type", "function");
    ObjectNode function = node.putObject("function");
    function.put("name", ToolCallIds.name(call.name()));
    function.put("arguments", ToolCallIds.input(call));
  }

  private void results(List<Part> parts) {
    for (Part part : parts) {
      if (part instanceof Part.ToolResult result && ids.has(result.callId())) {
        message("tool")
            .put("tool_call_id", ids.of(result.callId()))
            .put("content", CleanText.clean(result.output().toString()));
      }
    }
  }
}
