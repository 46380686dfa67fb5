package dev.warren.scripted;

import static dev.warren.scripted.RequestCheck.optionalString;

import java.util.HashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads a Responses request and refuses what the API refuses (its reference of November 2026).
/// Made for one request.
final class ResponsesCheck {
  private static final Set<String> MEMBERS =
      Set.of(
          "model",
          "input",
          "instructions",
          "tools",
          "tool_choice",
          "parallel_tool_calls",
          "stream",
          "stream_options",
          "store",
          "include",
          "max_output_tokens",
          "max_tool_calls",
          "previous_response_id",
          "reasoning",
          "text",
          "temperature",
          "top_p",
          "top_logprobs",
          "truncation",
          "metadata",
          "service_tier",
          "background",
          "user",
          "safety_identifier",
          "prompt_cache_key",
          "prompt_cache_retention");
  private static final int OUTPUT_TOKENS_MIN = 16;

  private final ObjectNode body;
  private final int bytes;
  private final Transcript transcript = new Transcript();
  private final StringBuilder system = new StringBuilder();

  ResponsesCheck(ObjectNode body, int bytes) {
    this.body = body;
    this.bytes = bytes;
  }

  Conversation conversation() throws BadRequest {
    for (String name : body.propertyNames()) {
      if (!MEMBERS.contains(name)) {
        throw new BadRequest("Unknown parameter: '" + name + "'.");
      }
    }
    String model = RequestCheck.string(body, "model", "");
    JsonNode max = body.path("max_output_tokens");
    if (!max.isMissingNode() && max.asLong(0) < OUTPUT_TOKENS_MIN) {
      throw new BadRequest(
          "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16.");
    }
    system.append(optionalString(body, "instructions"));
    Set<String> tools = tools();
    input();
    return transcript.conversation(
        "openai_responses",
        model,
        system.toString(),
        tools,
        body.path("stream").asBoolean(false),
        bytes);
  }

  private Set<String> tools() throws BadRequest {
    Set<String> names = new HashSet<>();
    int i = 0;
    for (JsonNode tool : body.path("tools")) {
      String place = "tools[" + i++ + "].";
      if (optionalString(tool, "type").equals("function")) {
        RequestCheck.tool(
            RequestCheck.string(tool, "name", place), tool.path("parameters"), names, place);
      } else {
        names.add(RequestCheck.string(tool, "type", place));
      }
    }
    return names;
  }

  private void input() throws BadRequest {
    JsonNode input = body.path("input");
    if (input.isString()) {
      transcript.user(input.stringValue());
      return;
    }
    if (!input.isArray() || input.isEmpty()) {
      throw new BadRequest("Missing required parameter: 'input'.");
    }
    int i = 0;
    for (JsonNode item : input) {
      item(item, "input[" + i++ + "].");
    }
    requireAnswered();
  }

  private void item(JsonNode item, String place) throws BadRequest {
    String type = item.has("role") ? "message" : optionalString(item, "type");
    switch (type) {
      case "message" -> message(item, place);
      case "reasoning" -> reasoning(item, place);
      case "function_call" -> {
        String id = RequestCheck.string(item, "call_id", place);
        String name = RequestCheck.string(item, "name", place);
        RequestCheck.string(item, "arguments", place);
        if (!transcript.call(id, name)) {
          throw new BadRequest("Duplicate call_id '" + id + "'.");
        }
      }
      case "function_call_output" -> {
        String id = RequestCheck.string(item, "call_id", place);
        String output = RequestCheck.string(item, "output", place);
        if (!transcript.result(id, output, RequestCheck.saysError(output))) {
          throw new BadRequest(
              "No tool call found for function call output with call_id " + id + ".");
        }
      }
      case "item_reference" ->
          throw new BadRequest("Items are not persisted when `store` is set to false.");
      case "" -> throw new BadRequest("Missing required parameter: '" + place + "type'.");
      default -> transcript.assistant();
    }
  }

  private void message(JsonNode item, String place) throws BadRequest {
    String role = RequestCheck.string(item, "role", place);
    switch (role) {
      case "user" -> {
        requireAnswered();
        transcript.user(
            text(item, place, Set.of("input_text", "input_image", "input_file", "input_audio")));
      }
      case "system", "developer" -> system.append(text(item, place, Set.of("input_text")));
      case "assistant" -> {
        transcript.assistant();
        text(item, place, Set.of("output_text", "refusal"));
      }
      default -> throw new BadRequest("Invalid value: '" + role + "' for '" + place + "role'.");
    }
  }

  private static String text(JsonNode item, String place, Set<String> types) throws BadRequest {
    JsonNode content = item.path("content");
    if (content.isString()) {
      return content.stringValue();
    }
    if (!content.isArray() || content.isEmpty()) {
      throw new BadRequest("Invalid type for '" + place + "content': expected a string or array.");
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode block : content) {
      String type = optionalString(block, "type");
      if (!types.contains(type)) {
        throw new BadRequest("Invalid value: '" + type + "' in '" + place + "content'.");
      }
      if (type.endsWith("_text")) {
        text.append(text.isEmpty() ? "" : "\n").append(RequestCheck.string(block, "text", place));
      }
    }
    return text.toString();
  }

  /// Reasoning that was encrypted here must come back as it was.
  private void reasoning(JsonNode item, String place) throws BadRequest {
    transcript.assistant();
    if (!item.path("summary").isArray()) {
      throw new BadRequest("Missing required parameter: '" + place + "summary'.");
    }
    String encrypted = optionalString(item, "encrypted_content");
    if (encrypted.isEmpty() && item.path("content").isEmpty()) {
      throw new BadRequest(
          "Item with id '"
              + optionalString(item, "id")
              + "' not found. Items are not persisted when"
              + " `store` is set to false.");
    }
    StringBuilder text = new StringBuilder();
    item.path("summary").forEach(part -> text.append(optionalString(part, "text")));
    if (!encrypted.isEmpty() && !Signatures.valid(text.toString(), encrypted)) {
      throw new BadRequest(
          400,
          "invalid_request_error",
          "The encrypted content for item "
              + optionalString(item, "id")
              + " could not be verified.");
    }
  }

  private void requireAnswered() throws BadRequest {
    if (!transcript.open().isEmpty()) {
      throw new BadRequest(
          "No tool output found for function call " + String.join(", ", transcript.open()) + ".");
    }
  }
}
