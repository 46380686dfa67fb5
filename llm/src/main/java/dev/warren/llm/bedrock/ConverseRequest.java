package dev.warren.llm.bedrock;

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
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/// The body of a ConverseStream request. Roles alternate. The conversation stands last, so that the
/// body of a chat's next request begins with this one's, but for the cache's points, which move
/// along.
final class ConverseRequest {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /// Members of `options` that are the adapter's own.
  private static final Set<String> OWN = Set.of("messages", "system", "toolConfig");

  private static final Map<String, String> IMAGES =
      Map.of("image/png", "png", "image/jpeg", "jpeg", "image/gif", "gif", "image/webp", "webp");

  private final ModelRequest request;
  private final ToolCallIds ids;

  ConverseRequest(ModelRequest request) {
    this.request = request;
    this.ids = new ToolCallIds(Converse.KIND, request.messages(), ToolCallIds.Form.ANY);
  }

  ObjectNode body() {
    ObjectNode body = NODES.objectNode();
    request
        .maxOutputTokens()
        .ifPresent(max -> body.putObject("inferenceConfig").put("maxTokens", max));
    Options.merge(body, request.options(), OWN);
    boolean mark = BedrockModels.caches(request.model());
    if (!request.system().isBlank()) {
      ArrayNode system = body.putArray("system");
      system.add(text(request.system()));
      if (mark) {
        system.add(cachePoint());
      }
    }
    ArrayNode tools = tools();
    if (!tools.isEmpty()) {
      body.putObject("toolConfig").set("tools", tools);
    }
    Turns turns = turns();
    if (mark) {
      turns.newestOfUser().forEach(message -> turns.blocks(message).add(cachePoint()));
    }
    body.putArray("messages").addAll(turns.messages());
    return body;
  }

  private Turns turns() {
    Turns turns = new Turns("content");
    for (Message message : request.messages()) {
      String role = message.role() == Message.Role.ASSISTANT ? "assistant" : "user";
      ArrayNode content = NODES.arrayNode();
      message.parts().forEach(part -> block(part).ifPresent(content::add));
      boolean document = content.valueStream().anyMatch(block -> block.has("document"));
      if (document && content.valueStream().noneMatch(block -> block.has("text"))) {
        content.add(text("(The user attached a document.)"));
      }
      turns.add(role, content);
    }
    return turns;
  }

  /// Calls in the history want their tools declared, also when the model is to use none now.
  private ArrayNode tools() {
    ArrayNode tools = NODES.arrayNode();
    for (ToolSpec spec : request.tools()) {
      tool(tools, spec);
    }
    request.options().path("toolConfig").path("tools").forEach(tools::add);
    if (tools.isEmpty()) {
      Set<String> names = new LinkedHashSet<>();
      request.messages().stream()
          .flatMap(message -> message.parts().stream())
          .forEach(part -> {
            if (part instanceof Part.ToolCall call && !call.providerExecuted()) {
              names.add(ToolCallIds.name(call.name()));
            }
          });
      ObjectNode any = NODES.objectNode().put("type", "object");
      names.forEach(name -> tool(tools, new ToolSpec(name, "No longer available.", any)));
    } else if (BedrockModels.cachesTools(request.model())) {
      tools.add(cachePoint());
    }
    return tools;
  }

  private static void tool(ArrayNode tools, ToolSpec spec) {
    ObjectNode tool = tools.addObject().putObject("toolSpec");
    tool.put("name", spec.name());
    if (!spec.description().isBlank()) {
      tool.put("description", CleanText.clean(spec.description()));
    }
    tool.putObject("inputSchema").set("json", spec.inputSchema());
  }

  private static ObjectNode cachePoint() {
    ObjectNode point = NODES.objectNode();
    point.putObject("cachePoint").put("type", "default");
    return point;
  }

  private static ObjectNode text(String text) {
    return NODES.objectNode().put("text", CleanText.clean(text));
  }

  /// Nothing for what this provider cannot take back. A tool of its own has run already, and it
  /// takes neither the call nor the result back.
  private Optional<ObjectNode> block(Part part) {
    return switch (part) {
      case Part.Text text ->
          text.text().isBlank() ? Optional.empty() : Optional.of(text(text.text()));
      case Part.Reasoning reasoning ->
          Opaque.own(reasoning, Converse.KIND).flatMap(data -> reasoning(reasoning, data));
      case Part.ToolCall call ->
          call.providerExecuted() ? Optional.empty() : Optional.of(toolUse(call));
      case Part.ToolResult result ->
          ids.has(result.callId()) ? Optional.of(toolResult(result)) : Optional.empty();
      case Part.File file -> Optional.of(file(file));
      case Part.ProviderItem item -> Opaque.own(item, Converse.KIND);
      case Part.Source _ -> Optional.empty();
    };
  }

  private static Optional<ObjectNode> reasoning(Part.Reasoning part, ObjectNode data) {
    ObjectNode block = NODES.objectNode();
    ObjectNode content = block.putObject("reasoningContent");
    if (data.has("redactedContent")) {
      content.set("redactedContent", data.path("redactedContent"));
      return Optional.of(block);
    }
    ObjectNode text = content.putObject("reasoningText");
    text.put("text", part.text());
    if (data.has("signature")) {
      text.set("signature", data.path("signature"));
    }
    return part.text().isEmpty() && !data.has("signature") ? Optional.empty() : Optional.of(block);
  }

  private ObjectNode toolUse(Part.ToolCall call) {
    ObjectNode block = NODES.objectNode();
    ObjectNode use = block.putObject("toolUse");
    use.put("toolUseId", ids.of(call.id()));
    use.put("name", ToolCallIds.name(call.name()));
    use.putRawValue("input", new RawValue(ToolCallIds.input(call)));
    return block;
  }

  private ObjectNode toolResult(Part.ToolResult result) {
    ObjectNode block = NODES.objectNode();
    ObjectNode content = block.putObject("toolResult");
    content.put("toolUseId", ids.of(result.callId()));
    content.putArray("content").add(text(result.output().toString()));
    content.put("status", result.error() ? "error" : "success");
    return block;
  }

  private static ObjectNode file(Part.File file) {
    ObjectNode block = NODES.objectNode();
    Optional<String> image = Optional.ofNullable(IMAGES.get(file.mediaType()));
    if (image.isPresent()) {
      ObjectNode content = block.putObject("image").put("format", image.get());
      content.putObject("source").put("bytes", FileText.base64(file));
      return block;
    }
    if (!FileText.pdf(file)) {
      return text(FileText.shown(file));
    }
    ObjectNode content = block.putObject("document").put("format", "pdf");
    content.put("name", documentName(file.name()));
    content.putObject("source").put("bytes", FileText.base64(file));
    return block;
  }

  /// Letters, digits, single blanks, hyphens, brackets and parentheses are all that AWS takes.
  static String documentName(String name) {
    String clean = name.replaceAll("[^A-Za-z0-9\\-()\\[\\]]+", " ").strip();
    return clean.isEmpty() ? "document" : clean.substring(0, Math.min(200, clean.length()));
  }
}
