package dev.warren.scripted;

import static dev.warren.scripted.RequestCheck.optionalString;

import java.util.HashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads a ConverseStream request and refuses what the API refuses (its reference of November
/// 2026). Made for one request.
final class ConverseCheck {
  private static final Set<String> MEMBERS =
      Set.of(
          "messages",
          "system",
          "toolConfig",
          "inferenceConfig",
          "additionalModelRequestFields",
          "additionalModelResponseFieldPaths",
          "guardrailConfig",
          "performanceConfig",
          "promptVariables",
          "requestMetadata",
          "serviceTier",
          "outputConfig");
  private static final int CACHE_POINTS_MAX = 4;

  private final ObjectNode body;
  private final String model;
  private final int bytes;
  private final Transcript transcript = new Transcript();
  private int cachePoints;
  private boolean toolBlocks;

  ConverseCheck(ObjectNode body, String model, int bytes) {
    this.body = body;
    this.model = model;
    this.bytes = bytes;
  }

  Conversation conversation() throws BadRequest {
    RequestCheck.knownMembers(body, MEMBERS, "");
    StringBuilder system = new StringBuilder();
    for (JsonNode block : body.path("system")) {
      if (block.has("cachePoint")) {
        cachePoint(block);
      } else {
        system.append(text(block));
      }
    }
    Set<String> tools = tools();
    messages();
    if (toolBlocks && tools.isEmpty()) {
      throw new BadRequest(
          "The toolConfig field must be defined when using toolUse and toolResult content blocks.");
    }
    if (cachePoints > CACHE_POINTS_MAX) {
      throw new BadRequest("A maximum of 4 cache points is allowed. Found " + cachePoints + ".");
    }
    return transcript.conversation("bedrock", model, system.toString(), tools, true, bytes);
  }

  private void cachePoint(JsonNode block) throws BadRequest {
    cachePoints++;
    if (!optionalString(block.path("cachePoint"), "type").equals("default")) {
      throw new BadRequest("cachePoint.type: Member must satisfy enum value set: [default]");
    }
  }

  private static String text(JsonNode block) throws BadRequest {
    String text = RequestCheck.string(block, "text", "");
    if (text.isBlank()) {
      throw new BadRequest("The text field in the ContentBlock object is blank.");
    }
    return text;
  }

  private Set<String> tools() throws BadRequest {
    Set<String> names = new HashSet<>();
    int i = 0;
    JsonNode tools = body.path("toolConfig").path("tools");
    if (body.has("toolConfig") && tools.isEmpty()) {
      throw new BadRequest("toolConfig.tools: Member must have length greater than or equal to 1");
    }
    for (JsonNode tool : tools) {
      String place = "toolConfig.tools." + i++ + ".toolSpec.";
      JsonNode spec = tool.path("toolSpec");
      if (spec.isObject()) {
        if (spec.has("description") && optionalString(spec, "description").isEmpty()) {
          throw new BadRequest(place + "description: must have length of at least 1");
        }
        JsonNode schema = spec.path("inputSchema").path("json");
        RequestCheck.tool(RequestCheck.string(spec, "name", place), schema, names, place);
      } else if (tool.has("cachePoint")) {
        cachePoint(tool);
      }
    }
    return names;
  }

  private void messages() throws BadRequest {
    String before = "assistant";
    for (JsonNode message : body.path("messages")) {
      String role = optionalString(message, "role");
      if (role.equals(before) || !(role.equals("user") || role.equals("assistant"))) {
        throw new BadRequest(
            "A conversation must alternate between user and assistant roles, and start with user.");
      }
      before = role;
      if (message.path("content").isEmpty()) {
        throw new BadRequest("The content field in the Message object is empty.");
      }
      content(message.path("content"), role.equals("user"));
    }
    if (before.equals("assistant")) {
      throw new BadRequest("A conversation must end with a user message.");
    }
    requireAnswered();
  }

  private void content(JsonNode content, boolean user) throws BadRequest {
    if (!user) {
      transcript.assistant();
    }
    StringBuilder text = new StringBuilder();
    boolean document = false;
    for (JsonNode block : content) {
      if (block.has("text")) {
        text.append(text.isEmpty() ? "" : "\n").append(text(block));
      } else if (block.has("toolUse")) {
        toolUse(block.path("toolUse"), user);
      } else if (block.has("toolResult")) {
        toolResult(block.path("toolResult"), user);
      } else if (block.has("reasoningContent")) {
        reasoning(block.path("reasoningContent"));
      } else if (block.has("cachePoint")) {
        cachePoint(block);
      } else if (block.has("document")) {
        document = true;
        String name = RequestCheck.string(block.path("document"), "name", "document.");
        if (!name.matches("[A-Za-z0-9()\\[\\]-]+( [A-Za-z0-9()\\[\\]-]+)*")) {
          throw new BadRequest("The document file name has characters that are not allowed.");
        }
      } else if (!block.has("image")) {
        throw new BadRequest("A block of an unknown type: " + block.propertyNames());
      }
    }
    if (document && text.isEmpty()) {
      throw new BadRequest("A text block is required with a document.");
    }
    if (user) {
      requireAnswered();
      if (!text.isEmpty()) {
        transcript.user(text.toString());
      }
    }
  }

  private void toolUse(JsonNode use, boolean user) throws BadRequest {
    toolBlocks = true;
    String id = RequestCheck.string(use, "toolUseId", "toolUse.");
    if (user || !use.path("input").isObject() || !id.matches("[a-zA-Z0-9_-]{1,64}")) {
      throw new BadRequest("The format of the value at messages.content.toolUse is invalid.");
    }
    if (!transcript.call(id, RequestCheck.string(use, "name", "toolUse."))) {
      throw new BadRequest("The toolUse blocks contain duplicate Ids: " + id);
    }
  }

  private void toolResult(JsonNode result, boolean user) throws BadRequest {
    toolBlocks = true;
    StringBuilder text = new StringBuilder();
    for (JsonNode block : result.path("content")) {
      text.append(block.has("json") ? block.path("json").toString() : text(block));
    }
    String id = RequestCheck.string(result, "toolUseId", "toolResult.");
    boolean error = optionalString(result, "status").equals("error");
    if (!user || !transcript.result(id, text.toString(), error)) {
      throw new BadRequest(
          "The number of toolResult blocks exceeds the number of toolUse blocks of previous turn.");
    }
  }

  private static void reasoning(JsonNode content) throws BadRequest {
    if (content.has("redactedContent")) {
      return;
    }
    JsonNode text = content.path("reasoningText");
    String signature = RequestCheck.string(text, "signature", "reasoningText.");
    if (!Signatures.valid(RequestCheck.string(text, "text", "reasoningText."), signature)) {
      throw new BadRequest("Invalid `signature` in `thinking` block");
    }
  }

  private void requireAnswered() throws BadRequest {
    if (!transcript.open().isEmpty()) {
      throw new BadRequest(
          "Expected toolResult blocks for the following Ids: "
              + String.join(", ", transcript.open()));
    }
  }
}
