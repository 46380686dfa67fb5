package dev.warren.llm.google;

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
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/// The body of a `streamGenerateContent` request. Results are the user's, and stand in the order of
/// their calls, since not every model gives its calls ids. The conversation stands last, so that
/// the body of a chat's next request begins with this one's.
final class GeminiRequest {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /// Members of `options` that are the adapter's own.
  private static final Set<String> OWN = Set.of("model", "contents", "systemInstruction", "tools");

  private final ModelRequest request;
  private final ToolCallIds ids;

  GeminiRequest(ModelRequest request) {
    this.request = request;
    this.ids = new ToolCallIds(Gemini.KIND, request.messages(), ToolCallIds.Form.ANY);
  }

  ObjectNode body() {
    ObjectNode body = NODES.objectNode();
    ObjectNode generation = NODES.objectNode();
    request.maxOutputTokens().ifPresent(max -> generation.put("maxOutputTokens", max));
    if (GeminiModels.thinks(request.model())) {
      generation.putObject("thinkingConfig").put("includeThoughts", true);
    }
    if (!generation.isEmpty()) {
      body.set("generationConfig", generation);
    }
    Options.merge(body, request.options(), OWN);
    if (!request.system().isBlank()) {
      body.putObject("systemInstruction").putArray("parts").add(text(request.system()));
    }
    ArrayNode tools = tools();
    if (!tools.isEmpty()) {
      body.set("tools", tools);
    }
    Turns turns = new Turns("parts");
    for (Message message : request.messages()) {
      ArrayNode parts = NODES.arrayNode();
      message.parts().forEach(part -> part(part).ifPresent(parts::add));
      signFirstCall(parts);
      turns.add(message.role() == Message.Role.ASSISTANT ? "model" : "user", parts);
    }
    body.putArray("contents").addAll(turns.messages());
    return body;
  }

  private ArrayNode tools() {
    ArrayNode tools = NODES.arrayNode();
    if (!request.tools().isEmpty()) {
      ArrayNode functions = tools.addObject().putArray("functionDeclarations");
      for (ToolSpec spec : request.tools()) {
        ObjectNode function = functions.addObject();
        function.put("name", spec.name());
        function.put("description", CleanText.clean(spec.description()));
        function.set("parametersJsonSchema", spec.inputSchema());
      }
    }
    request.options().path("tools").forEach(tools::add);
    return tools;
  }

  /// Nothing for what this provider cannot take back.
  private Optional<ObjectNode> part(Part part) {
    return switch (part) {
      case Part.Text text ->
          text.text().isBlank() ? Optional.empty() : Optional.of(signed(text(text.text()), text));
      // Thoughts are summaries for people; what the model needs of them is in the signatures.
      case Part.Reasoning _, Part.Source _ -> Optional.empty();
      case Part.ToolCall call ->
          call.providerExecuted() ? own(call) : Optional.of(signed(call(call), call));
      case Part.ToolResult result ->
          ids.has(result.callId()) ? Optional.of(result(result)) : own(result);
      case Part.File file -> Optional.of(file(file));
      case Part.ProviderItem item -> own(item);
    };
  }

  private static Optional<ObjectNode> own(Part part) {
    return Opaque.own(part, Gemini.KIND);
  }

  private static ObjectNode text(String text) {
    return NODES.objectNode().put("text", CleanText.clean(text));
  }

  private static ObjectNode signed(ObjectNode node, Part part) {
    own(part)
        .map(data -> data.path(Gemini.SIGNATURE))
        .filter(JsonNode::isString)
        .ifPresent(signature -> node.set(Gemini.SIGNATURE, signature));
    return node;
  }

  private ObjectNode call(Part.ToolCall call) {
    ObjectNode node = NODES.objectNode();
    ObjectNode function = node.putObject("functionCall");
    function.put("name", ToolCallIds.name(call.name()));
    function.putRawValue("args", new RawValue(ToolCallIds.input(call)));
    if (hasOwnId(call)) {
      function.put("id", ids.of(call.id()));
    }
    return node;
  }

  /// Calls that another provider's model made have no signature, which the first of a message must
  /// have; Google's page on thought signatures (November 2026) names this one for the case.
  private void signFirstCall(ArrayNode parts) {
    for (JsonNode part : parts) {
      if (part instanceof ObjectNode call && call.has("functionCall")) {
        if (!call.has(Gemini.SIGNATURE) && GeminiModels.wantsSignatures(request.model())) {
          call.put(Gemini.SIGNATURE, "skip_thought_signature_validator");
        }
        return;
      }
    }
  }

  private static boolean hasOwnId(Part.ToolCall call) {
    return own(call).filter(data -> !WireJson.string(data, "id").isEmpty()).isPresent();
  }

  private ObjectNode result(Part.ToolResult result) {
    ObjectNode node = NODES.objectNode();
    ObjectNode response = node.putObject("functionResponse");
    response.put("name", ToolCallIds.name(result.name()));
    ObjectNode output = response.putObject("response");
    output.set(result.error() ? "error" : "output", WireJson.clean(result.output()));
    boolean named =
        request.messages().stream()
            .flatMap(message -> message.parts().stream())
            .anyMatch(part ->
                part instanceof Part.ToolCall call
                    && call.id().equals(result.callId())
                    && hasOwnId(call));
    if (named) {
      response.put("id", ids.of(result.callId()));
    }
    return node;
  }

  private static ObjectNode file(Part.File file) {
    if (!file.mediaType().startsWith("image/") && !FileText.pdf(file)) {
      return text(FileText.shown(file));
    }
    ObjectNode node = NODES.objectNode();
    node.putObject("inlineData")
        .put("mimeType", file.mediaType())
        .put("data", FileText.base64(file));
    return node;
  }
}
