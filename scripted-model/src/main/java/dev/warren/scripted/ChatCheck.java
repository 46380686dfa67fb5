package dev.warren.scripted;

import static dev.warren.scripted.RequestCheck.optionalString;

import dev.warren.protocol.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads a Chat Completions request and refuses what the API refuses (its reference of November
/// 2026). Made for one request.
final class ChatCheck {
  private static final Set<String> MEMBERS =
      Set.of(
          "model",
          "messages",
          "tools",
          "tool_choice",
          "parallel_tool_calls",
          "stream",
          "stream_options",
          "temperature",
          "top_p",
          "n",
          "stop",
          "max_tokens",
          "max_completion_tokens",
          "presence_penalty",
          "frequency_penalty",
          "logit_bias",
          "logprobs",
          "top_logprobs",
          "response_format",
          "seed",
          "service_tier",
          "store",
          "metadata",
          "user",
          "safety_identifier",
          "prompt_cache_key",
          "prompt_cache_retention",
          "reasoning_effort",
          "verbosity",
          "modalities",
          "prediction",
          "web_search_options");

  private final ObjectNode body;
  private final int bytes;
  private final Map<String, String> callNames = new HashMap<>();
  private final List<Conversation.Result> results = new ArrayList<>();
  private final StringBuilder system = new StringBuilder();
  private Set<String> open = new LinkedHashSet<>();
  private String lastUser = "";
  private int round;
  private String before = "";

  ChatCheck(ObjectNode body, int bytes) {
    this.body = body;
    this.bytes = bytes;
  }

  Conversation conversation() throws BadRequest {
    for (String name : body.propertyNames()) {
      if (!MEMBERS.contains(name)) {
        throw new BadRequest("Unrecognized request argument supplied: " + name);
      }
    }
    String model = RequestCheck.string(body, "model", "");
    if (body.has("max_tokens") && body.has("max_completion_tokens")) {
      throw new BadRequest("Setting 'max_tokens' and 'max_completion_tokens' at the same time.");
    }
    boolean stream = body.path("stream").asBoolean(false);
    if (body.has("stream_options") && !stream) {
      throw new BadRequest(
          "The 'stream_options' parameter is only allowed when 'stream' is enabled.");
    }
    Set<String> tools = tools();
    messages();
    return new Conversation(
        "openai",
        model,
        system.toString(),
        lastUser,
        tools,
        results,
        round,
        stream,
        body.path("stream_options").path("include_usage").asBoolean(false),
        bytes);
  }

  private Set<String> tools() throws BadRequest {
    Set<String> names = new HashSet<>();
    int i = 0;
    for (JsonNode tool : body.path("tools")) {
      String place = "tools[" + i++ + "].function.";
      if (!optionalString(tool, "type").equals("function")) {
        throw new BadRequest("Invalid value for 'tools[].type': supported is 'function'.");
      }
      JsonNode function = tool.path("function");
      RequestCheck.tool(
          RequestCheck.string(function, "name", place), function.path("parameters"), names, place);
    }
    return names;
  }

  private void messages() throws BadRequest {
    JsonNode messages = body.path("messages");
    if (!messages.isArray() || messages.isEmpty()) {
      throw new BadRequest("Invalid 'messages': empty array.");
    }
    int i = 0;
    for (JsonNode message : messages) {
      String place = "messages[" + i++ + "].";
      String role = optionalString(message, "role");
      if (!role.equals("tool")) {
        requireAnswered();
      }
      switch (role) {
        case "system", "developer" -> system.append(content(message, place, Set.of("text")));
        case "user" -> user(message, place);
        case "assistant" -> assistant(message, place);
        case "tool" -> tool(message, place);
        default -> throw new BadRequest("Invalid value: '" + role + "' for '" + place + "role'.");
      }
      before = role;
    }
    requireAnswered();
  }

  private void user(JsonNode message, String place) throws BadRequest {
    lastUser = content(message, place, Set.of("text", "image_url", "file", "input_audio"));
    round = 0;
    results.replaceAll(r -> new Conversation.Result(r.name(), r.content(), r.error(), 0));
  }

  private void assistant(JsonNode message, String place) throws BadRequest {
    JsonNode calls = message.path("tool_calls");
    JsonNode content = message.path("content");
    if (calls.isMissingNode() || !(content.isNull() || content.isMissingNode())) {
      content(message, place, Set.of("text", "refusal"));
    }
    if (calls.isArray() && calls.isEmpty()) {
      throw new BadRequest("Invalid '" + place + "tool_calls': empty array.");
    }
    for (JsonNode call : calls) {
      String id = RequestCheck.string(call, "id", place);
      JsonNode function = call.path("function");
      String name = RequestCheck.string(function, "name", place);
      requireObject(RequestCheck.string(function, "arguments", place), place);
      if (!open.add(id)) {
        throw new BadRequest("Duplicate tool call id in '" + place + "tool_calls': " + id);
      }
      callNames.put(id, name);
    }
  }

  /// OpenAI itself takes any string; servers that fill a chat template do not.
  private static void requireObject(String arguments, String place) throws BadRequest {
    try {
      if (Json.LENIENT.readTree(arguments).isObject()) {
        return;
      }
    } catch (JacksonException e) {
      // Said below.
    }
    throw new BadRequest("Invalid '" + place + "arguments': not a JSON object.");
  }

  private void tool(JsonNode message, String place) throws BadRequest {
    String id = RequestCheck.string(message, "tool_call_id", place);
    if (!open.remove(id)) {
      throw new BadRequest(
          "Invalid parameter: messages with role 'tool' must be a response to a preceeding message"
              + " with 'tool_calls'.");
    }
    if (!before.equals("tool")) {
      round++;
    }
    String text = content(message, place, Set.of("text"));
    results.add(
        new Conversation.Result(
            callNames.getOrDefault(id, ""), text, RequestCheck.saysError(text), round));
  }

  private void requireAnswered() throws BadRequest {
    if (!open.isEmpty()) {
      throw new BadRequest(
          "An assistant message with 'tool_calls' must be followed by tool messages responding to"
              + " each 'tool_call_id'. The following tool_call_ids did not have response messages: "
              + String.join(", ", open));
    }
  }

  private static String content(JsonNode message, String place, Set<String> types)
      throws BadRequest {
    JsonNode content = message.path("content");
    if (content.isString()) {
      return content.stringValue();
    }
    if (!content.isArray() || content.isEmpty()) {
      throw new BadRequest(
          "Invalid type for '" + place + "content': expected a string or an array of objects.");
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode block : content) {
      String type = optionalString(block, "type");
      if (!types.contains(type)) {
        throw new BadRequest("Invalid value: '" + type + "' in '" + place + "content'.");
      }
      if (type.equals("text")) {
        text.append(text.isEmpty() ? "" : "\n").append(RequestCheck.string(block, "text", place));
      }
    }
    return text.toString();
  }
}
