package dev.warren.llm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Recorded streams of Responses, Gemini and Bedrock against second readers that share no code with
/// the adapters: these read the whole at once, by what ends each item instead of by what it grows
/// from, and Bedrock's frames by searching their JSON.
class CassetteContentTest {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  @TestFactory
  Stream<DynamicTest> responsesHoldWhatTheirEndsSay() {
    return tests("openai-responses", CassetteContentTest::checkResponses);
  }

  @TestFactory
  Stream<DynamicTest> geminiStreamsHoldWhatASecondReaderFinds() {
    return tests("gemini", CassetteContentTest::checkGemini);
  }

  @TestFactory
  Stream<DynamicTest> bedrockStreamsHoldWhatASecondReaderFinds() {
    return tests("bedrock", CassetteContentTest::checkBedrock);
  }

  private interface Check {
    void of(Path file, Completion completion);
  }

  private static Stream<DynamicTest> tests(String group, Check check) {
    return Cassettes.of(group).stream()
        .map(file ->
            DynamicTest.dynamicTest(
                String.valueOf(file.getFileName()),
                () -> {
                  Replay replay = Replay.of(group, Cassettes.bytes(file));
                  assertThat(replay.error()).isEmpty();
                  Completion completion = replay.completion().orElseThrow();
                  check.of(file, completion);
                }));
  }

  private static String said(Completion completion) {
    StringBuilder text = new StringBuilder();
    completion.parts().forEach(p -> text.append(p instanceof Part.Text t ? t.text() : ""));
    return text.toString();
  }

  private static String thought(Completion completion) {
    StringBuilder text = new StringBuilder();
    completion.parts().forEach(p -> text.append(p instanceof Part.Reasoning r ? r.text() : ""));
    return text.toString();
  }

  /// Names and arguments of the calls that we are to run.
  private static List<String> calls(Completion completion) {
    return completion.parts().stream()
        .filter(p -> p instanceof Part.ToolCall call && !call.providerExecuted())
        .map(p -> ((Part.ToolCall) p).name() + " " + ((Part.ToolCall) p).rawInput())
        .toList();
  }

  private static List<JsonNode> payloads(Path file) {
    List<JsonNode> payloads = new ArrayList<>();
    String text = new String(Cassettes.bytes(file), StandardCharsets.UTF_8).replace("\r\n", "\n");
    for (String line : text.split("\n")) {
      if (line.startsWith("data: ") && !line.equals("data: [DONE]")) {
        payloads.add(MAPPER.readTree(line.substring(6)));
      }
    }
    return payloads;
  }

  private static void checkResponses(Path file, Completion completion) {
    StringBuilder text = new StringBuilder();
    List<String> calls = new ArrayList<>();
    List<String> encrypted = new ArrayList<>();
    StringBuilder thoughts = new StringBuilder();
    List<String> phases = new ArrayList<>();
    JsonNode usage = MAPPER.nullNode();
    int providers = 0;
    for (JsonNode payload : payloads(file)) {
      usage =
          payload.path("type").asString("").equals("response.completed")
              ? payload.path("response").path("usage")
              : usage;
      if (usage.isObject()) {
        // Some recordings hold further answers behind the first.
        break;
      }
      if (!payload.path("type").asString("").equals("response.output_item.done")) {
        continue;
      }
      JsonNode item = payload.path("item");
      switch (item.path("type").asString("")) {
        case "message" -> {
          item.path("content").forEach(part -> text.append(part.path("text").asString("")));
          if (item.has("phase")) {
            phases.add(item.path("phase").asString());
          }
        }
        case "function_call" ->
            calls.add(item.path("name").asString() + " " + item.path("arguments").asString());
        case "custom_tool_call" ->
            calls.add(item.path("name").asString() + " " + item.path("input").asString());
        case "reasoning" -> {
          encrypted.add(item.path("encrypted_content").asString(""));
          JsonNode source =
              item.path("summary").isEmpty() ? item.path("content") : item.path("summary");
          List<String> pieces = new ArrayList<>();
          source.forEach(part -> pieces.add(part.path("text").asString("")));
          thoughts.append(String.join("\n\n", pieces));
        }
        default -> providers++;
      }
    }
    assertThat(said(completion)).isEqualTo(text.toString());
    assertThat(thought(completion)).isEqualTo(thoughts.toString());
    assertThat(calls(completion)).isEqualTo(calls);
    assertThat(
            completion.parts().stream()
                .filter(Part.Reasoning.class::isInstance)
                .map(p -> p.opaque().orElseThrow().data().path("encrypted_content").asString("")))
        .containsExactlyElementsOf(encrypted);
    assertThat(
            completion.parts().stream()
                .filter(Part.Text.class::isInstance)
                .flatMap(p -> p.opaque().stream())
                .map(o -> o.data().path("phase").asString("")))
        .containsExactlyElementsOf(phases);
    assertThat(
            completion.parts().stream()
                .filter(p ->
                    p instanceof Part.ProviderItem
                        || (p instanceof Part.ToolCall c && c.providerExecuted())))
        .hasSize(providers);
    assertThat(completion.stopReason())
        .isEqualTo(calls.isEmpty() ? Completion.StopReason.STOP : Completion.StopReason.TOOL_USE);
    assertThat(completion.usage())
        .isEqualTo(
            new Usage(
                usage.path("input_tokens").asLong(0),
                usage.path("output_tokens").asLong(0),
                usage.path("input_tokens_details").path("cached_tokens").asLong(0),
                usage.path("input_tokens_details").path("cache_write_tokens").asLong(0),
                usage.path("output_tokens_details").path("reasoning_tokens").asLong(0)));
  }

  private static void checkGemini(Path file, Completion completion) {
    StringBuilder text = new StringBuilder();
    StringBuilder thoughts = new StringBuilder();
    List<String> calls = new ArrayList<>();
    List<String> signatures = new ArrayList<>();
    List<String> sources = new ArrayList<>();
    JsonNode usage = MAPPER.nullNode();
    for (JsonNode payload : payloads(file)) {
      usage = payload.path("usageMetadata");
      JsonNode candidate = payload.path("candidates").path(0);
      for (JsonNode chunk : candidate.path("groundingMetadata").path("groundingChunks")) {
        sources.add(chunk.path("web").path("uri").asString());
      }
      for (JsonNode part : candidate.path("content").path("parts")) {
        StringBuilder target = part.path("thought").asBoolean(false) ? thoughts : text;
        target.append(part.path("text").asString(""));
        if (part.has("functionCall")) {
          JsonNode call = part.path("functionCall");
          calls.add(call.path("name").asString() + " " + call.path("args"));
        }
        if (part.has("thoughtSignature")) {
          signatures.add(part.path("thoughtSignature").asString());
        }
      }
    }
    assertThat(said(completion)).isEqualTo(text.toString());
    assertThat(thought(completion)).isEqualTo(thoughts.toString());
    assertThat(calls(completion)).isEqualTo(calls);
    assertThat(
            completion.parts().stream()
                .flatMap(p -> p.opaque().stream())
                .map(o -> o.data().path("thoughtSignature").asString(""))
                .filter(s -> !s.isEmpty()))
        .containsExactlyElementsOf(signatures);
    assertThat(
            completion.parts().stream()
                .filter(Part.Source.class::isInstance)
                .map(p -> ((Part.Source) p).url()))
        .containsExactlyElementsOf(sources.stream().distinct().toList());
    long thought = usage.path("thoughtsTokenCount").asLong(0);
    assertThat(completion.usage())
        .isEqualTo(
            new Usage(
                usage.path("promptTokenCount").asLong()
                    + usage.path("toolUsePromptTokenCount").asLong(0),
                usage.path("candidatesTokenCount").asLong() + thought,
                usage.path("cachedContentTokenCount").asLong(0),
                0,
                thought));
    assertThat(completion.stopReason())
        .isEqualTo(calls.isEmpty() ? Completion.StopReason.STOP : Completion.StopReason.TOOL_USE);
  }

  /// The JSON of each frame, found by its braces: no checksum is looked at.
  private static List<JsonNode> frames(Path file) {
    String text = new String(Cassettes.bytes(file), StandardCharsets.UTF_8);
    List<JsonNode> frames = new ArrayList<>();
    for (int at = text.indexOf("event{"); at >= 0; at = text.indexOf("event{", at + 1)) {
      try (var parser = MAPPER.createParser(text.substring(at + 5))) {
        frames.add(MAPPER.readTree(parser));
      }
    }
    return frames;
  }

  private static void checkBedrock(Path file, Completion completion) {
    StringBuilder text = new StringBuilder();
    StringBuilder thoughts = new StringBuilder();
    StringBuilder redacted = new StringBuilder();
    Map<Long, String> calls = new LinkedHashMap<>();
    String stop = "";
    JsonNode usage = MAPPER.nullNode();
    for (JsonNode frame : frames(file)) {
      long index = frame.path("contentBlockIndex").asLong(0);
      JsonNode use = frame.path("start").path("toolUse");
      if (use.has("name") && !use.path("type").asString("").equals("server_tool_use")) {
        calls.put(index, use.path("name").asString() + " ");
      }
      JsonNode delta = frame.path("delta");
      text.append(delta.path("text").asString(""));
      thoughts.append(delta.path("reasoningContent").path("text").asString(""));
      redacted.append(delta.path("reasoningContent").path("redactedContent").asString(""));
      calls.computeIfPresent(
          index, (i, before) -> before + delta.path("toolUse").path("input").asString(""));
      stop = frame.path("stopReason").asString(stop);
      usage = frame.has("usage") ? frame.path("usage") : usage;
    }
    assertThat(said(completion)).isEqualTo(text.toString());
    assertThat(thought(completion)).isEqualTo(thoughts.toString());
    assertThat(calls(completion)).containsExactlyElementsOf(calls.values());
    StringBuilder kept = new StringBuilder();
    completion.parts().stream()
        .filter(Part.Reasoning.class::isInstance)
        .forEach(
            p -> kept.append(p.opaque().orElseThrow().data().path("redactedContent").asString("")));
    assertThat(kept.toString()).isEqualTo(redacted.toString());
    long read = usage.path("cacheReadInputTokens").asLong(0);
    long written = usage.path("cacheWriteInputTokens").asLong(0);
    assertThat(completion.usage())
        .isEqualTo(
            new Usage(
                usage.path("inputTokens").asLong() + read + written,
                usage.path("outputTokens").asLong(),
                read,
                written,
                0));
    assertThat(completion.stopReason().name())
        .isEqualTo(
            switch (stop) {
              case "tool_use" -> "TOOL_USE";
              case "max_tokens" -> "LENGTH";
              default -> "STOP";
            });
  }
}
