package dev.warren.llm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Every recorded stream, cut at random bytes; those of Anthropic and Chat Completions also against
/// a second reader that shares no code with the adapters: it cuts the text at blank lines and adds
/// up what it finds.
class CassetteTest {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  @TestFactory
  Stream<DynamicTest> anthropicStreamsHoldWhatASecondReaderFinds() {
    return Cassettes.of("anthropic").stream()
        .map(file -> DynamicTest.dynamicTest(name(file), () -> checkAnthropic(file)));
  }

  @TestFactory
  Stream<DynamicTest> chatStreamsHoldWhatASecondReaderFinds() {
    return Cassettes.of("openai-chat").stream()
        .map(file -> DynamicTest.dynamicTest(name(file), () -> checkChat(file)));
  }

  @TestFactory
  Stream<DynamicTest> streamsCutAtAnyByteReadTheSame() {
    return Cassettes.GROUPS.stream()
        .flatMap(group ->
            Cassettes.of(group).stream()
                .map(file ->
                    DynamicTest.dynamicTest(
                        name(file), () -> checkChopped(group, Cassettes.bytes(file)))));
  }

  @TestFactory
  Stream<DynamicTest> deltasPutTogetherAreTheParts() {
    return Cassettes.GROUPS.stream()
        .flatMap(group ->
            Cassettes.of(group).stream()
                .map(file ->
                    DynamicTest.dynamicTest(
                        name(file), () -> checkDeltas(Replay.of(group, Cassettes.bytes(file))))));
  }

  @Test
  void errorsInsideAStreamAreErrors() {
    Map<String, ProviderException.Kind> errors = new LinkedHashMap<>();
    for (Path file : Cassettes.of("openai-chat")) {
      Replay.of("openai-chat", Cassettes.bytes(file))
          .error()
          .ifPresent(kind -> errors.put(name(file), kind));
    }
    assertThat(errors)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "openrouter_stream_error.1.sse", ProviderException.Kind.INVALID_REQUEST,
                "tool_use_failed_error_streaming.1.sse", ProviderException.Kind.SERVER));
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  private static void checkChopped(String group, byte[] bytes) {
    Replay whole = Replay.of(group, bytes);
    for (int seed = 1; seed <= 3; seed++) {
      int lengthMax = bytes.length > 50_000 ? 400 : 7;
      Replay chopped = Replay.of(group, new ChoppedStream(bytes, new Random(seed), lengthMax));
      assertThat(chopped).as("seed %d", seed).isEqualTo(whole);
    }
  }

  private static void checkDeltas(Replay replay) {
    for (StreamEvent event : replay.events()) {
      if (event instanceof StreamEvent.PartDone done) {
        switch (done.value()) {
          case Part.Text text -> assertThat(replay.deltas(done.part())).isEqualTo(text.text());
          case Part.Reasoning reasoning ->
              assertThat(replay.deltas(done.part())).isEqualTo(reasoning.text());
          case Part.ToolCall call ->
              assertThat(replay.deltas(done.part())).isEqualTo(call.rawInput());
          case Part.ToolResult _, Part.File _, Part.Source _, Part.ProviderItem _ -> {}
        }
      }
    }
    List<Part> done =
        replay.events().stream()
            .filter(StreamEvent.PartDone.class::isInstance)
            .map(StreamEvent.PartDone.class::cast)
            .sorted(java.util.Comparator.comparingInt(StreamEvent.PartDone::part))
            .map(StreamEvent.PartDone::value)
            .toList();
    replay.completion().ifPresent(c -> assertThat(c.parts()).isEqualTo(done));
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

  private static void checkAnthropic(Path file) {
    StringBuilder text = new StringBuilder();
    StringBuilder thinking = new StringBuilder();
    StringBuilder input = new StringBuilder();
    List<String> names = new ArrayList<>();
    List<String> signatures = new ArrayList<>();
    Set<String> sources = new LinkedHashSet<>();
    Map<String, JsonNode> figures = new HashMap<>();
    String stop = "";
    int blocks = 0;
    for (JsonNode payload : payloads(file)) {
      payload.path("message").path("usage").forEachEntry(figures::put);
      payload.path("usage").forEachEntry(figures::put);
      stop = payload.path("message").path("stop_reason").asString(stop);
      stop = payload.path("delta").path("stop_reason").asString(stop);
      List<JsonNode> started = new ArrayList<>();
      payload.path("message").path("content").forEach(started::add);
      if (payload.has("content_block")) {
        started.add(payload.path("content_block"));
      }
      for (JsonNode block : started) {
        blocks++;
        text.append(block.path("text").asString(""));
        if (block.path("type").asString("").endsWith("tool_use")) {
          names.add(block.path("name").asString());
          if (!block.path("input").isEmpty()) {
            input.append(block.path("input"));
          }
        }
      }
      JsonNode delta = payload.path("delta");
      text.append(delta.path("text").asString(""));
      thinking.append(delta.path("thinking").asString(""));
      input.append(delta.path("partial_json").asString(""));
      if (delta.has("signature")) {
        signatures.add(delta.path("signature").asString());
      }
      if (delta.path("citation").has("url")) {
        sources.add(delta.path("citation").path("url").asString());
      }
    }
    Replay replay = Replay.of("anthropic", Cassettes.bytes(file));
    Completion completion = replay.completion().orElseThrow();
    assertThat(replay.deltas(StreamEvent.Kind.TEXT)).isEqualTo(text.toString());
    assertThat(replay.deltas(StreamEvent.Kind.REASONING)).isEqualTo(thinking.toString());
    assertThat(replay.deltas(StreamEvent.Kind.TOOL_INPUT)).isEqualTo(input.toString());
    assertThat(completion.parts()).filteredOn(p -> !(p instanceof Part.Source)).hasSize(blocks);
    assertThat(calls(completion)).extracting(Part.ToolCall::name).isEqualTo(names);
    assertThat(calls(completion)).allMatch(call -> call.input().isObject());
    assertThat(completion.parts())
        .filteredOn(Part.Reasoning.class::isInstance)
        .extracting(p -> p.opaque().orElseThrow().data().path("signature").asString())
        .isEqualTo(signatures);
    assertThat(completion.parts())
        .filteredOn(Part.Source.class::isInstance)
        .extracting(p -> ((Part.Source) p).url())
        .containsExactlyElementsOf(sources);
    assertThat(completion.usage()).isEqualTo(billed(MAPPER.valueToTree(figures)));
    assertThat(completion.stopReason())
        .isEqualTo(
            switch (stop) {
              case "end_turn" -> Completion.StopReason.STOP;
              case "tool_use" -> Completion.StopReason.TOOL_USE;
              default -> throw new AssertionError("no recording stops with " + stop);
            });
  }

  /// What is paid for: each model's share where several took part, else the whole.
  private static Usage billed(JsonNode figures) {
    long thought = figures.path("output_tokens_details").path("thinking_tokens").asLong(0);
    List<JsonNode> shares = new ArrayList<>();
    figures.path("iterations").forEach(shares::add);
    long input = 0;
    long output = 0;
    long read = 0;
    long written = 0;
    for (JsonNode share : shares.isEmpty() ? List.of(figures) : shares) {
      input += share.path("input_tokens").asLong(0);
      output += share.path("output_tokens").asLong(0);
      read += share.path("cache_read_input_tokens").asLong(0);
      written += share.path("cache_creation_input_tokens").asLong(0);
    }
    return new Usage(input + read + written, output, read, written, thought);
  }

  private static void checkChat(Path file) {
    StringBuilder text = new StringBuilder();
    StringBuilder reasoning = new StringBuilder();
    StringBuilder input = new StringBuilder();
    List<String> names = new ArrayList<>();
    JsonNode usage = MAPPER.nullNode();
    boolean failed = false;
    for (JsonNode payload : payloads(file)) {
      failed |= payload.has("error");
      JsonNode delta = payload.path("choices").path(0).path("delta");
      text.append(delta.path("content").asString(""));
      reasoning.append(delta.path("reasoning_content").asString(""));
      reasoning.append(delta.path("reasoning").asString(""));
      for (JsonNode call : delta.path("tool_calls")) {
        input.append(call.path("function").path("arguments").asString(""));
        if (call.path("function").has("name")) {
          names.add(call.path("function").path("name").asString());
        }
      }
      usage = payload.path("usage").isObject() ? payload.path("usage") : usage;
    }
    Replay replay = Replay.of("openai-chat", Cassettes.bytes(file));
    assertThat(replay.completion().isPresent()).isEqualTo(!failed);
    assertThat(replay.deltas(StreamEvent.Kind.TEXT)).isEqualTo(text.toString());
    assertThat(replay.deltas(StreamEvent.Kind.REASONING)).isEqualTo(reasoning.toString());
    assertThat(replay.deltas(StreamEvent.Kind.TOOL_INPUT)).isEqualTo(input.toString());
    if (!failed) {
      Completion completion = replay.completion().orElseThrow();
      assertThat(calls(completion)).extracting(Part.ToolCall::name).isEqualTo(names);
      assertThat(calls(completion)).allMatch(call -> call.input().isObject());
      assertThat(completion.usage())
          .isEqualTo(
              new Usage(
                  usage.path("prompt_tokens").asLong(0),
                  usage.path("completion_tokens").asLong(0),
                  usage.path("prompt_tokens_details").path("cached_tokens").asLong(0),
                  0,
                  usage.path("completion_tokens_details").path("reasoning_tokens").asLong(0)));
      assertThat(completion.stopReason())
          .isEqualTo(names.isEmpty() ? Completion.StopReason.STOP : Completion.StopReason.TOOL_USE);
    }
  }

  private static List<Part.ToolCall> calls(Completion completion) {
    return completion.parts().stream()
        .filter(Part.ToolCall.class::isInstance)
        .map(Part.ToolCall.class::cast)
        .toList();
  }
}
