package dev.warren.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.cli.client.Console;
import dev.warren.protocol.Json;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

final class TranscriptTest {
  private static final String TEXT = "The first ten primes are\n2 3 5 7 11 and so on: é 🐇.";

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final Transcript transcript =
      new Transcript(new Console(new PrintStream(written, true, StandardCharsets.UTF_8), false));

  /// Whatever mixture of deltas, snapshots and repeated messages tells of a text, it is printed
  /// once.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void textIsPrintedOnceHoweverItComes(long seed) {
    Random random = new Random(seed);
    int at = 0;
    while (at < TEXT.length() && random.nextInt(8) != 0) {
      int end = boundary(at + 1 + random.nextInt(TEXT.length() - at));
      if (random.nextInt(3) == 0) {
        transcript.message(message(TEXT.substring(0, end)), false);
      } else {
        transcript.delta(delta(TEXT.substring(at, end)));
      }
      at = end;
    }
    transcript.message(message(TEXT), true);
    transcript.message(message(TEXT), true);
    transcript.delta(delta("too late"));
    assertThat(written.toString(StandardCharsets.UTF_8)).as("seed %d", seed).isEqualTo(TEXT + "\n");
  }

  @Test
  void aSubAgentGoesByItsTitleAndItsAnswerIsShown() {
    transcript.message(
        json(
            """
            {"id":"a","role":"assistant","parts":[{"type":"tool_call","id":"s","name":"spawn_agent",
              "input":{"prompt":"count all files","title":"Counting"}}]}\
            """),
        true);
    transcript.message(
        json(
            """
            {"id":"t","role":"tool","parts":[{"type":"tool_result","id":"s","name":"spawn_agent",
              "is_error":false,"output":{"chat_id":"0199","title":"Counting","status":"pending"}}]}\
            """),
        true);
    transcript.message(
        json(
            """
            {"id":"b","role":"assistant","parts":[
              {"type":"tool_call","id":"w","name":"wait_agent","input":{"chat_id":"0199"}}]}\
            """),
        true);
    transcript.message(
        json(
            """
            {"id":"u","role":"tool","parts":[{"type":"tool_result","id":"w","name":"wait_agent",
              "is_error":false,"output":{"chat_id":"0199","status":"waiting","answer":"12 files."}}]}\
            """),
        true);
    assertThat(written.toString(StandardCharsets.UTF_8))
        .contains("spawn_agent  Counting", "Counting · pending")
        .contains("wait_agent  Counting", "Counting · waiting", "  12 files.")
        .doesNotContain("0199");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3})
  void aCommandShowsItsExitCodeAndTheEndOfItsOutput(int exitCode) {
    transcript.message(
        json(
            """
            {"id":"a","role":"assistant","parts":[
              {"type":"tool_call","id":"c","name":"execute","input":{"command":"npm test"}}]}\
            """),
        true);
    transcript.message(
        json(
            """
            {"id":"t","role":"tool","parts":[
              {"type":"tool_result","id":"c","name":"execute","duration_ms":1200,"is_error":false,
               "output":{"exit_code":%d,"output":"1\\n2\\n3\\n4\\n5\\n6\\n7\\n8\\n9\\n10\\n"}}]}\
            """
                .formatted(exitCode)),
        true);
    assertThat(written.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "● execute  npm test",
            "  exit " + exitCode + " in 1.2 s",
            "  … 2 lines above",
            "  3",
            "  4",
            "  5",
            "  6",
            "  7",
            "  8",
            "  9",
            "  10");
  }

  private static int boundary(int index) {
    return index < TEXT.length() && Character.isLowSurrogate(TEXT.charAt(index))
        ? index + 1
        : index;
  }

  private static JsonNode delta(String text) {
    return Json.STRICT.valueToTree(
        Map.of("message_id", "m", "part", 0, "kind", "text", "text", text));
  }

  private static JsonNode message(String text) {
    return Json.STRICT.valueToTree(
        Map.of(
            "id",
            "m",
            "role",
            "assistant",
            "parts",
            List.of(Map.of("type", "text", "text", text))));
  }

  private static JsonNode json(String text) {
    return Json.STRICT.readTree(text);
  }
}
