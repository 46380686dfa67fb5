package dev.warren.server.tool.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.warren.protocol.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ExcerptTest {
  @Test
  void shortOutputIsWhole() {
    assertThat(Excerpt.cut("a\nb\n", 10)).isEqualTo(new Excerpt("a\nb\n", false));
  }

  @Test
  void longOutputSaysHowMuchIsLeftOutAndKeepsErrorsOfTheMiddle() {
    String text =
        "start\n" + "noise\n".repeat(500) + "x.c:1: error: bad\n" + "noise\n".repeat(500) + "end\n";
    Excerpt excerpt = Excerpt.cut(text, 1_000);
    assertThat(excerpt.truncated()).isTrue();
    assertThat(excerpt.text())
        .startsWith("start\n")
        .endsWith("end\n")
        .contains("bytes left out")
        .contains("x.c:1: error: bad\n")
        .hasSizeLessThan(1_300);
  }

  @Test
  void headAndTailGiveWayWhereTheErrorsNeedMoreThanHalf() {
    String errors =
        IntStream.range(0, 30)
            .mapToObj("src/a.c:%1$d:1: unused variable 'v%1$d'\n"::formatted)
            .collect(Collectors.joining());
    String text = "start\n" + "noise\n".repeat(300) + errors + "noise\n".repeat(300) + "end\n";
    assertThat(Excerpt.cut(text, 1_500).text())
        .startsWith("start\n")
        .endsWith("end\n")
        .contains(errors)
        .hasSizeLessThan(1_700);
  }

  @Test
  void whatALinterReportsGoesBeforeLinesThatOnlySpeakOfErrors() {
    String found = "src/a.go:7:2: shadowed declaration\n";
    String text =
        "noise\n".repeat(300)
            + IntStream.range(0, 60)
                .mapToObj("\treturn err%d // not found\n"::formatted)
                .collect(Collectors.joining());
    assertThat(Excerpt.cut(text + found + "noise\n".repeat(300), 1_000).text()).contains(found);
  }

  @Test
  void oneEndlessLineIsCutBetweenCharacters() {
    Excerpt excerpt = Excerpt.cut("😀".repeat(5_000), 1_001);
    assertThat(excerpt.text()).doesNotContainPattern("[\\ud800-\\udbff](?![\\udc00-\\udfff])");
    assertThat(excerpt.text().length()).isLessThan(1_300);
  }

  /// Real failing outputs from a corpus that lies beside the repository (`WARREN_CORPUS`, else
  /// `../shared/corpus`), with the lines that a person would want to see.
  @Test
  void errorLinesOfRealOutputsSurviveTheCut() throws IOException {
    String named = System.getenv("WARREN_CORPUS");
    Path root = Path.of("").toAbsolutePath().getParent();
    Path file =
        (named == null ? root.resolve("../shared/corpus") : Path.of(named))
            .resolve("outputs/outputs.jsonl.gz");
    assumeTrue(Files.exists(file), "no corpus of real outputs; WARREN_CORPUS names its folder");
    for (int limit : new int[] {1_000, 2_000, 4_000, 8_000}) {
      int outputs = 0;
      int marked = 0;
      int kept = 0;
      int firstKept = 0;
      double shares = 0;
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(
                  new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
        for (String json = lines.readLine(); json != null; json = lines.readLine()) {
          JsonNode one = Json.STRICT.readTree(json);
          List<String> output = one.get("output").asString().lines().toList();
          if (!one.get("error").asBoolean() || one.get("key_lines").isEmpty()) {
            continue;
          }
          String excerpt = Excerpt.cut(one.get("output").asString(), limit).text();
          boolean first = true;
          outputs++;
          int before = kept;
          for (JsonNode number : one.get("key_lines")) {
            String line = output.get(number.asInt() - 1).strip();
            boolean there = excerpt.contains(line.substring(0, Math.min(line.length(), 200)));
            marked++;
            kept += there ? 1 : 0;
            firstKept += there && first ? 1 : 0;
            first = false;
          }
          shares += (kept - before) / (double) one.get("key_lines").size();
        }
      }
      System.out.printf(
          "Q11 at %d characters: %.0f %% of error lines (%.0f %% an output), the first in %.0f %% of %d%n",
          limit,
          100.0 * kept / marked,
          100.0 * shares / outputs,
          100.0 * firstKept / outputs,
          outputs);
      if (limit == 4_000) {
        assertThat(100.0 * kept / marked).isGreaterThanOrEqualTo(96);
        assertThat(100.0 * shares / outputs).isGreaterThanOrEqualTo(98.5);
        assertThat(100.0 * firstKept / outputs).isEqualTo(100);
      }
    }
  }
}
