package dev.warren.scripted;

import static dev.warren.scripted.RequestCheck.optionalString;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads a Messages request and refuses what the API refuses (its reference of November 2026). Made
/// for one request.
final class AnthropicCheck {
  private static final Set<String> MEMBERS =
      Set.of(
          "model",
          "max_tokens",
          "messages",
          "system",
          "tools",
          "tool_choice",
          "stream",
          "temperature",
          "top_p",
          "top_k",
          "stop_sequences",
          "metadata",
          "thinking",
          "service_tier",
          "cache_control",
          "output_config",
          "context_management",
          "container",
          "mcp_servers");
  private static final int BREAKPOINTS_MAX = 4;
  private static final Pattern CALL_ID = Pattern.compile("[a-zA-Z0-9_-]+");

  private final ObjectNode body;
  private final int bytes;
  private final Map<String, String> callNames = new HashMap<>();
  private final List<Conversation.Result> results = new ArrayList<>();
  private int breakpoints;
  private int round;
  private String lastUser = "";
  private Set<String> open = new LinkedHashSet<>();

  AnthropicCheck(ObjectNode body, int bytes) {
    this.body = body;
    this.bytes = bytes;
  }

  Conversation conversation() throws BadRequest {
    RequestCheck.knownMembers(body, MEMBERS, "");
    String model = RequestCheck.string(body, "model", "");
    JsonNode maxTokens = body.path("max_tokens");
    if (!maxTokens.isIntegralNumber() || maxTokens.longValue() < 1) {
      throw new BadRequest("max_tokens: Field required, at least 1");
    }
    thinking(maxTokens.longValue());
    String system = system();
    Set<String> tools = tools();
    messages();
    if (breakpoints > BREAKPOINTS_MAX) {
      throw new BadRequest(
          "A maximum of 4 blocks with cache_control may be provided. Found " + breakpoints + ".");
    }
    return new Conversation(
        "anthropic",
        model,
        system,
        lastUser,
        tools,
        results,
        round,
        body.path("stream").asBoolean(false),
        true,
        bytes);
  }

  private void thinking(long maxTokens) throws BadRequest {
    JsonNode budget = body.path("thinking").path("budget_tokens");
    if (budget.isNumber() && budget.longValue() < 1024) {
      throw new BadRequest("thinking.budget_tokens: Input should be at least 1024");
    }
    if (budget.isNumber() && budget.longValue() >= maxTokens) {
      throw new BadRequest("`max_tokens` must be greater than `thinking.budget_tokens`");
    }
  }

  private String system() throws BadRequest {
    JsonNode system = body.path("system");
    if (system.isMissingNode() || system.isString()) {
      return system.asString("");
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode block : system) {
      text.append(textBlock(block, "system: "));
      breakpoint(block);
    }
    return text.toString();
  }

  private Set<String> tools() throws BadRequest {
    Set<String> names = new HashSet<>();
    int i = 0;
    for (JsonNode tool : body.path("tools")) {
      String place = "tools." + i++ + ".";
      if (tool.has("type") && !optionalString(tool, "type").equals("custom")) {
        names.add(optionalString(tool, "name"));
      } else {
        RequestCheck.tool(
            RequestCheck.string(tool, "name", place), tool.path("input_schema"), names, place);
      }
      breakpoint(tool);
    }
    return names;
  }

  private void messages() throws BadRequest {
    JsonNode messages = body.path("messages");
    if (!messages.isArray() || messages.isEmpty()) {
      throw new BadRequest("messages: at least one message is required");
    }
    String before = "assistant";
    for (int i = 0; i < messages.size(); i++) {
      JsonNode message = messages.path(i);
      String place = "messages." + i + ": ";
      String role = optionalString(message, "role");
      if (!role.equals("user") && !role.equals("assistant")) {
        throw new BadRequest(place + "role should be 'user' or 'assistant'");
      }
      if (role.equals(before)) {
        throw new BadRequest(
            place
                + "roles must alternate between \"user\" and \"assistant\", found two of "
                + role);
      }
      before = role;
      content(message, role, place);
    }
    if (!open.isEmpty()) {
      throw unanswered(messages.size());
    }
  }

  private void content(JsonNode message, String role, String place) throws BadRequest {
    JsonNode content = message.path("content");
    Set<String> asked = open;
    open = new LinkedHashSet<>();
    boolean user = role.equals("user");
    if (content.isString()) {
      requireText(content.stringValue(), place);
      requireAnswered(asked, place);
      if (user) {
        userText(content.stringValue());
      }
      return;
    }
    if (!content.isArray() || content.isEmpty()) {
      throw new BadRequest(place + "content must be non-empty");
    }
    StringBuilder text = new StringBuilder();
    List<JsonNode> answers = new ArrayList<>();
    for (JsonNode block : content) {
      breakpoint(block);
      String type = optionalString(block, "type");
      switch (type) {
        case "text" -> text.append(text.isEmpty() ? "" : "\n").append(textBlock(block, place));
        case "tool_use" -> toolUse(block, user, place);
        case "tool_result" -> {
          if (!text.isEmpty()) {
            throw new BadRequest(place + "tool_result blocks must come first");
          }
          answers.add(block);
        }
        case "image", "document" -> source(block, user, place);
        case "thinking" -> thinkingBlock(block, user, place);
        case "redacted_thinking" -> RequestCheck.string(block, "data", place);
        default ->
            throw new BadRequest(place + "Input tag '" + type + "' does not match a block's type");
      }
    }
    if (user) {
      answers(answers, asked, place);
      if (!text.isEmpty()) {
        userText(text.toString());
      }
    } else if (!answers.isEmpty()) {
      throw new BadRequest(place + "`tool_result` blocks can only be in `user` messages");
    }
  }

  private void userText(String text) {
    lastUser = text;
    round = 0;
    results.replaceAll(r -> new Conversation.Result(r.name(), r.content(), r.error(), 0));
  }

  private static void requireText(String text, String place) throws BadRequest {
    if (text.isBlank()) {
      throw new BadRequest(place + "text content blocks must contain non-whitespace text");
    }
  }

  private static String textBlock(JsonNode block, String place) throws BadRequest {
    String text = RequestCheck.string(block, "text", place);
    requireText(text, place);
    return text;
  }

  private void toolUse(JsonNode block, boolean user, String place) throws BadRequest {
    String id = RequestCheck.string(block, "id", place);
    String name = RequestCheck.string(block, "name", place);
    if (user) {
      throw new BadRequest(place + "`tool_use` blocks can only be in `assistant` messages");
    }
    if (!CALL_ID.matcher(id).matches()) {
      throw new BadRequest(place + "tool_use.id: String should match '^[a-zA-Z0-9_-]+$'");
    }
    if (!block.path("input").isObject()) {
      throw new BadRequest(place + "tool_use.input: Input should be a valid dictionary");
    }
    if (callNames.put(id, name) != null) {
      throw new BadRequest(place + "`tool_use` ids must be unique: " + id);
    }
    open.add(id);
  }

  private static void source(JsonNode block, boolean user, String place) throws BadRequest {
    JsonNode source = block.path("source");
    if (!user || !source.isObject()) {
      throw new BadRequest(place + "images and documents have a source, in user messages");
    }
    RequestCheck.string(source, "type", place);
  }

  private static void thinkingBlock(JsonNode block, boolean user, String place) throws BadRequest {
    String thinking = RequestCheck.string(block, "thinking", place);
    String signature = RequestCheck.string(block, "signature", place);
    if (user || !Signatures.valid(thinking, signature)) {
      throw new BadRequest(place + "Invalid `signature` in `thinking` block");
    }
  }

  private void answers(List<JsonNode> answers, Set<String> asked, String place) throws BadRequest {
    if (!answers.isEmpty()) {
      round++;
    }
    for (JsonNode answer : answers) {
      String id = RequestCheck.string(answer, "tool_use_id", place);
      if (!asked.remove(id)) {
        throw new BadRequest(
            place
                + "unexpected `tool_use_id` found in `tool_result` blocks: "
                + id
                + ". Each `tool_result` block must have a corresponding `tool_use` block in the "
                + "previous message.");
      }
      boolean error = answer.path("is_error").asBoolean(false);
      results.add(
          new Conversation.Result(
              callNames.getOrDefault(id, ""), resultText(answer, place), error, round));
    }
    requireAnswered(asked, place);
  }

  private static String resultText(JsonNode answer, String place) throws BadRequest {
    JsonNode content = answer.path("content");
    if (content.isString() || content.isMissingNode()) {
      return content.asString("");
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode block : content) {
      if (optionalString(block, "type").equals("text")) {
        text.append(RequestCheck.string(block, "text", place));
      }
    }
    return text.toString();
  }

  private void requireAnswered(Set<String> asked, String place) throws BadRequest {
    if (!asked.isEmpty()) {
      throw new BadRequest(
          place
              + "`tool_use` ids were found without `tool_result` blocks immediately after: "
              + String.join(", ", asked)
              + ". Each `tool_use` block must have a corresponding `tool_result` block in the next "
              + "message.");
    }
  }

  private BadRequest unanswered(int index) {
    return new BadRequest(
        "messages."
            + index
            + ": `tool_use` ids were found without `tool_result` blocks immediately after: "
            + String.join(", ", open));
  }

  private void breakpoint(JsonNode block) throws BadRequest {
    if (!block.has("cache_control")) {
      return;
    }
    breakpoints++;
    if (!optionalString(block.path("cache_control"), "type").equals("ephemeral")) {
      throw new BadRequest("cache_control.type: Input should be 'ephemeral'");
    }
    if (optionalString(block, "type").contains("thinking")) {
      throw new BadRequest("cache_control: thinking blocks cannot be cached");
    }
  }
}
