package dev.warren.llm.google;

import dev.warren.llm.Completion;
import dev.warren.llm.Opaque;
import dev.warren.llm.Part;
import dev.warren.llm.StreamEvent;
import dev.warren.llm.Usage;
import dev.warren.llm.wire.AnswerBuilder;
import dev.warren.llm.wire.CleanText;
import dev.warren.llm.wire.Failures;
import dev.warren.llm.wire.PartialArguments;
import dev.warren.llm.wire.StreamFailure;
import dev.warren.llm.wire.WireEvent;
import dev.warren.llm.wire.WireFormat;
import dev.warren.llm.wire.WireJson;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Reads the chunks of a `streamGenerateContent` stream. A signature belongs to the part that it
/// came with and must go back with that part: pieces of text are put together only as long as none
/// comes.
final class GeminiAnswer implements WireFormat.AnswerStream {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final AnswerBuilder answer;
  private Optional<AnswerBuilder.OpenPart> writing = Optional.empty();
  private Optional<PartialCall> partial = Optional.empty();
  private final Map<String, UUID> executions = new HashMap<>();
  private Optional<Part.ToolCall> newestExecution = Optional.empty();
  private Usage usage = Usage.NONE;
  private String finishReason = "";
  private boolean blocked;
  private boolean closed;

  GeminiAnswer(AnswerBuilder answer) {
    this.answer = answer;
  }

  /// A call whose arguments come in pieces.
  private record PartialCall(
      AnswerBuilder.OpenCall open, PartialArguments arguments, ObjectNode data) {}

  @Override
  public boolean accept(WireEvent event) throws StreamFailure {
    if (event.data().strip().equals("[DONE]")) {
      return !finishReason.isEmpty();
    }
    ObjectNode chunk =
        WireJson.object(event.data()).orElseThrow(() -> StreamFailure.malformed("no JSON object"));
    if (chunk.path("error").isObject()) {
      throw new StreamFailure(Failures.Detail.of(0, chunk, ""));
    }
    answer.start();
    usage(chunk.path("usageMetadata"));
    blocked |= !WireJson.string(chunk.path("promptFeedback"), "blockReason").isEmpty();
    JsonNode candidate = chunk.path("candidates").path(0);
    for (JsonNode part : candidate.path("content").path("parts")) {
      if (part instanceof ObjectNode object) {
        part(object);
      }
    }
    for (JsonNode source : candidate.path("groundingMetadata").path("groundingChunks")) {
      JsonNode web = source.path("web");
      answer.cite(WireJson.string(web, "uri"), WireJson.string(web, "title"));
    }
    String reason = WireJson.string(candidate, "finishReason");
    if (!reason.isEmpty() && !reason.equals("FINISH_REASON_UNSPECIFIED")) {
      finishReason = reason;
    }
    if (reason.equals("MALFORMED_FUNCTION_CALL") || reason.equals("UNEXPECTED_TOOL_CALL")) {
      // The model's slip: another try differs.
      throw new StreamFailure(new Failures.Detail(0, "server_error", reason, "", "", ""));
    }
    return false;
  }

  private void part(ObjectNode part) throws StreamFailure {
    String signature = WireJson.string(part, Gemini.SIGNATURE);
    if (part.path("functionCall").isObject()) {
      finishWriting(Optional.empty());
      functionCall(part.path("functionCall"), signature);
    } else if (part.has("executableCode")) {
      finishWriting(Optional.empty());
      execution(part);
    } else if (part.has("codeExecutionResult")) {
      finishWriting(Optional.empty());
      executed(part);
    } else if (part.has("text")) {
      boolean thought = part.path("thought").asBoolean(false);
      text(thought, WireJson.string(part, "text"), signature);
    } else {
      finishWriting(Optional.empty());
      answer.add(new Part.ProviderItem(opaque(part)));
    }
  }

  private static Opaque opaque(JsonNode data) {
    return new Opaque(Gemini.KIND, WireJson.clean(data));
  }

  private static ObjectNode signature(String signature) {
    return NODES.objectNode().put(Gemini.SIGNATURE, signature);
  }

  private void text(boolean thought, String text, String signature) {
    StreamEvent.Kind kind = thought ? StreamEvent.Kind.REASONING : StreamEvent.Kind.TEXT;
    boolean other = writing.filter(part -> part.kind() == kind).isEmpty();
    if ((!text.isEmpty() && other) || !signature.isEmpty()) {
      finishWriting(Optional.empty());
    }
    if (text.isEmpty()) {
      if (!signature.isEmpty()) {
        answer.add(new Part.ProviderItem(opaque(signature(signature).put("text", ""))));
      }
      return;
    }
    AnswerBuilder.OpenPart part =
        writing.orElseGet(() -> thought ? answer.openReasoning() : answer.openText());
    writing = Optional.of(part);
    part.append(text);
    if (!signature.isEmpty()) {
      finishWriting(Optional.of(opaque(signature(signature))));
    }
  }

  private void finishWriting(Optional<Opaque> opaque) {
    writing.ifPresent(part -> {
      String text = part.finish();
      part.done(
          part.kind() == StreamEvent.Kind.TEXT
              ? new Part.Text(text, opaque)
              : new Part.Reasoning(text, opaque));
    });
    writing = Optional.empty();
  }

  private void functionCall(JsonNode call, String signature) throws StreamFailure {
    String name = WireJson.string(call, "name");
    boolean pieces =
        call.has("partialArgs") || call.path("willContinue").asBoolean(false) || name.isEmpty();
    if (!pieces) {
      finishPartial();
      AnswerBuilder.OpenCall open = answer.openCall(name);
      JsonNode args = call.path("args");
      open.arguments().append(args.isObject() ? args.toString() : "{}");
      open.done(false, opaque(callData(call, signature)));
      return;
    }
    if (!name.isEmpty()) {
      finishPartial();
      partial =
          Optional.of(
              new PartialCall(
                  answer.openCall(name), new PartialArguments(), callData(call, signature)));
    }
    PartialCall open =
        partial.orElseThrow(() -> StreamFailure.malformed("a piece of no function call"));
    open.data().setAll(callData(call, signature));
    for (JsonNode piece : call.path("partialArgs")) {
      open.arguments().add(piece);
    }
    if (!call.path("willContinue").asBoolean(false)) {
      finishPartial();
    }
  }

  private static ObjectNode callData(JsonNode call, String signature) {
    ObjectNode data = signature.isEmpty() ? NODES.objectNode() : signature(signature);
    String id = WireJson.string(call, "id");
    if (!id.isEmpty()) {
      data.put("id", id);
    }
    return data;
  }

  /// Also when its last piece is missing, as happens.
  private void finishPartial() {
    partial.ifPresent(call -> {
      call.open().arguments().append(call.arguments().tree().toString());
      call.open().done(false, opaque(call.data()));
    });
    partial = Optional.empty();
  }

  /// Code that the model runs at the provider.
  private void execution(ObjectNode part) {
    JsonNode code = part.path("executableCode");
    AnswerBuilder.OpenCall open = answer.openCall("code_execution");
    ObjectNode input = NODES.objectNode();
    input.put("language", WireJson.string(code, "language"));
    input.put("code", WireJson.string(code, "code"));
    open.arguments().append(input.toString());
    Part.ToolCall call = open.done(true, opaque(part));
    newestExecution = Optional.of(call);
    executions.put(WireJson.string(code, "id"), call.id());
  }

  private void executed(ObjectNode part) {
    JsonNode result = part.path("codeExecutionResult");
    Optional<UUID> call =
        Optional.ofNullable(executions.get(WireJson.string(result, "id")))
            .or(() -> newestExecution.map(Part.ToolCall::id));
    if (call.isEmpty()) {
      answer.add(new Part.ProviderItem(opaque(part)));
      return;
    }
    ObjectNode output = NODES.objectNode();
    output.put("output", CleanText.clean(WireJson.string(result, "output")));
    boolean error = !WireJson.string(result, "outcome").equals("OUTCOME_OK");
    answer.add(
        new Part.ToolResult(
            call.get(), "code_execution", output, error, Optional.of(opaque(part))));
  }

  /// Figures come with each chunk and are cumulative: the last counts.
  private void usage(JsonNode node) {
    if (!node.isObject()) {
      return;
    }
    long thoughts = WireJson.number(node, "thoughtsTokenCount");
    usage =
        new Usage(
            WireJson.number(node, "promptTokenCount")
                + WireJson.number(node, "toolUsePromptTokenCount"),
            WireJson.number(node, "candidatesTokenCount") + thoughts,
            WireJson.number(node, "cachedContentTokenCount"),
            0,
            thoughts);
  }

  @Override
  public boolean started() {
    return answer.started();
  }

  /// Whole when the stream has ended after a finish reason, or when the prompt was blocked.
  @Override
  public Optional<Completion> completion() {
    if (finishReason.isEmpty() && !blocked) {
      return Optional.empty();
    }
    if (!closed) {
      closed = true;
      finishWriting(Optional.empty());
      finishPartial();
      answer.finish();
    }
    Completion.StopReason reason =
        switch (finishReason) {
          case "MAX_TOKENS" -> Completion.StopReason.LENGTH;
          case "SAFETY",
              "RECITATION",
              "BLOCKLIST",
              "PROHIBITED_CONTENT",
              "SPII",
              "LANGUAGE",
              "IMAGE_SAFETY",
              "MODEL_ARMOR" ->
              Completion.StopReason.REFUSAL;
          default -> answer.stopReason(blocked);
        };
    return Optional.of(new Completion(answer.parts(), reason, usage));
  }
}
