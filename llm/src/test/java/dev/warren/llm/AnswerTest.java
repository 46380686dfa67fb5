package dev.warren.llm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Shapes of answers that no recording here has.
class AnswerTest {
  private static Replay chat(String... chunks) {
    return replay("openai-chat", Stream.of(chunks));
  }

  private static Replay anthropic(String... events) {
    return replay("anthropic", Stream.of(events));
  }

  private static Replay replay(String group, Stream<String> data) {
    String text = data.map(d -> "data: " + d + "\n\n").collect(Collectors.joining());
    return Replay.of(group, text.getBytes(StandardCharsets.UTF_8));
  }

  private static String delta(String members) {
    return "{\"choices\":[{\"delta\":{" + members + "},\"finish_reason\":null}]}";
  }

  private static String call(String members, String name, String arguments) {
    String function =
        (name.isEmpty() ? "" : "\"name\":\"" + name + "\",") + "\"arguments\":" + arguments;
    return delta("\"tool_calls\":[{" + members + "\"function\":{" + function + "}}]");
  }

  private static List<String> calls(Replay replay) {
    return replay.completion().orElseThrow().parts().stream()
        .filter(Part.ToolCall.class::isInstance)
        .map(p -> ((Part.ToolCall) p).name() + ((Part.ToolCall) p).input())
        .toList();
  }

  private static final String DONE = "[DONE]";

  @Test
  void parallelCallsAreToldApartByIndex() {
    Replay replay =
        chat(
            call("\"index\":0,\"id\":\"a\",", "ls", "\"\""),
            call("\"index\":1,\"id\":\"b\",", "cat", "\"\""),
            call("\"index\":0,\"id\":\"\",", "", "\"{\\\"x\\\"\""),
            call("\"index\":1,", "", "\"{\\\"y\\\":2}\""),
            call("\"index\":0,", "", "\":1}\""),
            DONE);
    assertThat(calls(replay)).containsExactly("ls{\"x\":1}", "cat{\"y\":2}");
    assertThat(replay.completion().orElseThrow().stopReason())
        .isEqualTo(Completion.StopReason.TOOL_USE);
  }

  @Test
  void callsWithoutIndexOrWithTheSameIndexAreToldApartById() {
    for (String index : List.of("", "\"index\":0,")) {
      Replay replay =
          chat(
              call(index + "\"id\":\"a\",", "ls", "\"{\\\"x\\\":1}\""),
              call(index + "\"id\":\"b\",", "cat", "{\"y\":2}"),
              DONE);
      assertThat(calls(replay)).as(index).containsExactly("ls{\"x\":1}", "cat{\"y\":2}");
    }
  }

  @Test
  void doubledKeysAreNoArguments() {
    Replay replay =
        chat(call("\"index\":0,\"id\":\"a\",", "ls", "\"{\\\"x\\\":1,\\\"x\\\":2}\""), DONE);
    Part.ToolCall call = (Part.ToolCall) replay.completion().orElseThrow().parts().getFirst();
    assertThat(call.input().isString()).isTrue();
    assertThat(call.rawInput()).isEqualTo("{\"x\":1,\"x\":2}");
  }

  @Test
  void signedReasoningDetailsAreKept() {
    Replay replay =
        chat(
            delta(
                "\"reasoning_details\":[{\"type\":\"reasoning.text\",\"index\":0,\"text\":\"a\"}]"),
            delta(
                "\"reasoning_details\":[{\"type\":\"reasoning.text\",\"index\":0,\"text\":\"b\"}]"),
            delta(
                "\"reasoning_details\":[{\"type\":\"reasoning.text\",\"index\":0,\"signature\":\"s\"}]"),
            delta("\"content\":\"x\""),
            DONE);
    Part.Reasoning reasoning =
        (Part.Reasoning) replay.completion().orElseThrow().parts().getFirst();
    assertThat(reasoning.text()).isEqualTo("ab");
    assertThat(reasoning.opaque().orElseThrow().data().path("reasoning_details").toString())
        .isEqualTo(
            "[{\"type\":\"reasoning.text\",\"index\":0,\"text\":\"ab\",\"signature\":\"s\"}]");
  }

  @Test
  void usageOnEveryChunkIsNotAddedUpAndReasoningBesideItIs() {
    Replay replay =
        chat(
            "{\"choices\":[{\"delta\":{\"content\":\"x\"}}],\"usage\":{\"prompt_tokens\":5,"
                + "\"completion_tokens\":1}}",
            "{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":5,"
                + "\"completion_tokens\":26,\"total_tokens\":258,"
                + "\"prompt_cache_hit_tokens\":3,"
                + "\"completion_tokens_details\":{\"reasoning_tokens\":227}}}");
    assertThat(replay.completion().map(Completion::usage))
        .isEqualTo(Optional.of(new Usage(5, 253, 3, 0, 227)));
  }

  @Test
  void aStreamWithoutAnyEndIsNotWhole() {
    assertThat(chat(delta("\"content\":\"x\"")).completion()).isEmpty();
    assertThat(chat(DONE).completion()).isEmpty();
    assertThat(anthropic("{\"type\":\"message_start\",\"message\":{}}").completion()).isEmpty();
  }

  @Test
  void aSecondMessageInOneStreamIsAnError() {
    String start = "{\"type\":\"message_start\",\"message\":{}}";
    assertThat(anthropic(start, start).error()).contains(ProviderException.Kind.SERVER);
  }

  @Test
  void aRefusalMayHoldNothing() {
    Replay replay =
        anthropic(
            "{\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":3,"
                + "\"cache_read_input_tokens\":4}}}",
            "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"refusal\"},"
                + "\"usage\":{\"output_tokens\":1}}",
            "{\"type\":\"message_stop\"}");
    assertThat(replay.completion())
        .contains(
            new Completion(List.of(), Completion.StopReason.REFUSAL, new Usage(7, 1, 4, 0, 0)));
  }

  @Test
  void unknownEventsBlocksAndDeltasDoNotFailTheStream() {
    Replay replay =
        anthropic(
            "{\"type\":\"message_start\",\"message\":{}}",
            "{\"type\":\"news\"}",
            "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"hologram\","
                + "\"z\":\"a\\u0000\"}}",
            "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"holo_delta\"}}",
            "{\"type\":\"content_block_stop\",\"index\":0}",
            "{\"type\":\"message_stop\"}");
    Part part = replay.completion().orElseThrow().parts().getFirst();
    assertThat(part).isInstanceOf(Part.ProviderItem.class);
    assertThat(part.opaque().orElseThrow().data().toString())
        .isEqualTo("{\"type\":\"hologram\",\"z\":\"a\uFFFD\"}");
  }
}
