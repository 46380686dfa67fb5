package dev.warren.scripted;

import static dev.warren.scripted.RequestCheck.optionalString;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads a `streamGenerateContent` request and refuses what the API refuses (its reference of
/// November 2026): roles that do not alternate, calls whose results do not follow in number and
/// order, calls whose signature is gone. Made for one request.
final class GeminiCheck {
  private static final Set<String> MEMBERS =
      Set.of(
          "contents",
          "systemInstruction",
          "tools",
          "toolConfig",
          "generationConfig",
          "safetySettings",
          "cachedContent",
          "labels",
          "serviceTier");
  private static final Set<String> PART_MEMBERS =
      Set.of(
          "text",
          "thought",
          "thoughtSignature",
          "functionCall",
          "functionResponse",
          "inlineData",
          "fileData",
          "executableCode",
          "codeExecutionResult");

  private final ObjectNode body;
  private final String model;
  private final int bytes;
  private final Transcript transcript = new Transcript();
  private List<String> open = new ArrayList<>();
  private int calls;

  GeminiCheck(ObjectNode body, String model, int bytes) {
    this.body = body;
    this.model = model;
    this.bytes = bytes;
  }

  Conversation conversation() throws BadRequest {
    for (String name : body.propertyNames()) {
      if (!MEMBERS.contains(name)) {
        throw new BadRequest("Invalid JSON payload received. Unknown name \"" + name + "\"");
      }
    }
    StringBuilder system = new StringBuilder();
    for (JsonNode part : body.path("systemInstruction").path("parts")) {
      system.append(RequestCheck.string(part, "text", "systemInstruction.parts."));
    }
    Set<String> tools = tools();
    contents();
    return transcript.conversation("gemini", model, system.toString(), tools, true, bytes);
  }

  private Set<String> tools() throws BadRequest {
    Set<String> names = new HashSet<>();
    for (JsonNode tool : body.path("tools")) {
      int i = 0;
      for (JsonNode function : tool.path("functionDeclarations")) {
        String place = "tools[0].functionDeclarations[" + i++ + "].";
        RequestCheck.tool(
            RequestCheck.string(function, "name", place),
            function.path("parametersJsonSchema"),
            names,
            place);
      }
    }
    return names;
  }

  private void contents() throws BadRequest {
    JsonNode contents = body.path("contents");
    if (!contents.isArray() || contents.isEmpty()) {
      throw new BadRequest("GenerateContentRequest.contents: contents is not specified");
    }
    String before = "model";
    for (JsonNode content : contents) {
      String role = optionalString(content, "role");
      if (!role.equals("user") && !role.equals("model")) {
        throw new BadRequest("Please use a valid role: user, model.");
      }
      if (role.equals(before)) {
        throw new BadRequest(
            "Please ensure that multiturn requests alternate between user and model.");
      }
      before = role;
      if (!content.path("parts").isArray() || content.path("parts").isEmpty()) {
        throw new BadRequest("GenerateContentRequest.contents.parts: must not be empty.");
      }
      if (role.equals("user")) {
        user(content.path("parts"));
      } else {
        model(content.path("parts"));
      }
    }
    if (!open.isEmpty()) {
      throw unanswered();
    }
  }

  private static BadRequest unanswered() {
    return new BadRequest(
        "Please ensure that the number of function response parts is equal to the number of"
            + " function call parts of the function call turn.");
  }

  private void user(JsonNode parts) throws BadRequest {
    StringBuilder text = new StringBuilder();
    List<String> asked = open;
    open = new ArrayList<>();
    int answered = 0;
    boolean spoken = false;
    for (JsonNode part : parts) {
      members(part);
      if (part.has("functionResponse")) {
        if (answered >= asked.size()) {
          throw unanswered();
        }
        String id = asked.get(answered++);
        JsonNode response = part.path("functionResponse");
        String name = RequestCheck.string(response, "name", "functionResponse.");
        if (!name.equals(transcript.name(id)) || !response.path("response").isObject()) {
          throw unanswered();
        }
        boolean error = response.path("response").has("error");
        JsonNode output = response.path("response").path(error ? "error" : "output");
        transcript.result(id, output.toString(), error);
      } else if (part.has("text")) {
        spoken = true;
        text.append(text.isEmpty() ? "" : "\n").append(RequestCheck.string(part, "text", ""));
      } else {
        spoken = true;
      }
    }
    if (answered != asked.size()) {
      throw unanswered();
    }
    if (spoken) {
      transcript.user(text.toString());
    }
  }

  private void model(JsonNode parts) throws BadRequest {
    transcript.assistant();
    boolean first = true;
    for (JsonNode part : parts) {
      members(part);
      JsonNode call = part.path("functionCall");
      if (call.isObject()) {
        String name = RequestCheck.string(call, "name", "functionCall.");
        if (!call.path("args").isObject()) {
          throw new BadRequest("functionCall.args: must be an object");
        }
        // Only the first of parallel calls has one.
        if (first && optionalString(part, "thoughtSignature").isEmpty()) {
          throw new BadRequest(
              "Function call `"
                  + name
                  + "` is missing a `thought_signature` in functionCall parts.");
        }
        first = false;
        String id = "call " + calls++;
        transcript.call(id, name);
        open.add(id);
      }
      String signature = optionalString(part, "thoughtSignature");
      String signed = call.isObject() ? optionalString(call, "name") : optionalString(part, "text");
      if (!signature.isEmpty() && !Signatures.valid(signed, signature)) {
        throw new BadRequest("Thought signature is not valid.");
      }
    }
  }

  private static void members(JsonNode part) throws BadRequest {
    for (String name : part.propertyNames()) {
      if (!PART_MEMBERS.contains(name)) {
        throw new BadRequest("Unknown name \"" + name + "\" at 'contents.parts'");
      }
    }
  }
}
