package dev.warren.daemon.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.warren.daemon.store.InputHash;
import dev.warren.protocol.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Real edit calls of real models, and calls derived from them by known operators, from a corpus
/// that lies beside the repository (`WARREN_CORPUS`, else `../shared/corpus`); skipped without it.
class EditCorpusTest {
  private static Path edits;
  private static final Map<String, String> ORIGINALS = new HashMap<>();

  /// What came out of one case.
  private enum Verdict {
    RIGHT,
    RIGHT_BUT_FOR_BLANKS,

    /// What the call asks for, where the known result is that of a later call with another text.
    AS_ASKED,
    REFUSED,
    DAMAGED
  }

  @BeforeAll
  static void readOriginals() throws IOException {
    Path root = Path.of("").toAbsolutePath().getParent();
    String named = System.getenv("WARREN_CORPUS");
    edits = (named == null ? root.resolve("../shared/corpus") : Path.of(named)).resolve("edits");
    assumeTrue(
        Files.exists(edits.resolve("cases.jsonl.gz")),
        "no corpus of real edits; WARREN_CORPUS names its folder");
    try (ZipFile zip = new ZipFile(edits.resolve("originals.zip").toFile())) {
      for (ZipEntry entry : zip.stream().toList()) {
        try (InputStream in = zip.getInputStream(entry)) {
          ORIGINALS.put(
              entry.getName().replace(".txt", ""),
              new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
      }
    }
  }

  @Test
  void realEditsThatAppliedApplyByteForByte() throws IOException {
    List<String> wrong = new ArrayList<>();
    int right = 0;
    for (JsonNode one : read("cases.jsonl.gz")) {
      if (one.get("expect").asString().equals("apply-exact")) {
        if (verdict(apply(one), one) == Verdict.RIGHT) {
          right++;
        } else {
          wrong.add(one.get("id").asString() + " " + one.get("cls").asString());
        }
      }
    }
    System.out.printf("Q1 real edits applied right: %d of %d%n", right, right + wrong.size());
    assertThat(wrong).isEmpty();
  }

  @Test
  void repairableCallsAreRightOrRefusedAndNeverDamage() throws IOException {
    Map<String, Map<Verdict, Integer>> table = new TreeMap<>();
    List<String> damaged = new ArrayList<>();
    int right = 0;
    int all = 0;
    for (JsonNode one : read("mutations.jsonl.gz")) {
      if (one.get("expect").asString().equals("reject")) {
        continue;
      }
      Verdict verdict = verdict(apply(one), one);
      table
          .computeIfAbsent(one.get("op").asString(), op -> new TreeMap<>())
          .merge(verdict, 1, Integer::sum);
      all++;
      if (verdict == Verdict.RIGHT) {
        right++;
      } else {
        damaged.add(one.get("id").asString() + " " + verdict);
      }
    }
    System.out.printf("Q2 repairable calls byte-right: %d of %d%n", right, all);
    table.forEach((op, verdicts) -> System.out.printf("   %-24s %s%n", op, verdicts));
    System.out.println("   not right: " + damaged);
    assertThat(damaged).noneMatch(line -> line.endsWith("DAMAGED"));
    assertThat(right).isGreaterThanOrEqualTo(all * 415 / 420);
  }

  @Test
  void dangerousEditsAreRefused() throws IOException {
    Map<String, Integer> refused = new TreeMap<>();
    List<String> edited = new ArrayList<>();
    for (JsonNode one : read("mutations.jsonl.gz")) {
      if (one.get("expect").asString().equals("reject")) {
        if (apply(one).isEmpty()) {
          refused.merge(one.get("op").asString(), 1, Integer::sum);
        } else {
          edited.add(one.get("id").asString());
        }
      }
    }
    for (JsonNode one : read("cases.jsonl.gz")) {
      if (one.get("cls").asString().equals("ambiguous")) {
        if (apply(one).isEmpty()) {
          refused.merge("really ambiguous", 1, Integer::sum);
        } else {
          edited.add(one.get("id").asString());
        }
      }
    }
    System.out.println("Q3 dangerous edits refused: " + refused + ", edited anyway: " + edited);
    assertThat(edited).isEmpty();
  }

  @Test
  void realFailuresAreRepairedOnlyToTheKnownResult() throws IOException {
    Map<Verdict, Integer> repairable = new TreeMap<>();
    List<String> unknown = new ArrayList<>();
    int helpful = 0;
    int withRepair = 0;
    int longest = 0;
    for (JsonNode one : read("cases.jsonl.gz")) {
      String expect = one.get("expect").asString();
      Optional<String> after = apply(one);
      if (expect.equals("reject-or-repair")) {
        Verdict verdict = verdict(after, one);
        if (verdict == Verdict.DAMAGED && isAsAsked(after.orElseThrow(), one)) {
          verdict = Verdict.AS_ASKED;
        }
        repairable.merge(verdict, 1, Integer::sum);
      } else if (expect.equals("reject")
          && !one.get("cls").asString().equals("ambiguous")
          && after.isPresent()) {
        unknown.add(one.get("id").asString());
      }
      if (after.isEmpty() && one.hasNonNull("repair")) {
        withRepair++;
        String reason = reason(one);
        longest = Math.max(longest, reason.length());
        boolean all =
            repairedText(one.get("repair"), "old")
                .lines()
                .map(String::strip)
                .allMatch(reason::contains);
        helpful += all ? 1 : 0;
        if (!all) {
          System.out.println("   unhelpful " + one.get("id").asString());
        }
      }
    }
    System.out.printf("Q4 real repairable failures: %s%n", repairable);
    System.out.printf("Q5 edits without a known answer: %s%n", unknown);
    System.out.printf(
        "Q6 refusals that show the repaired text: %d of %d, longest %d characters%n",
        helpful, withRepair, longest);
    assertThat(10 * helpful).isGreaterThanOrEqualTo(8 * withRepair);
    assertThat(repairable).doesNotContainKey(Verdict.DAMAGED);
    assertThat(unknown).hasSizeLessThanOrEqualTo(3);
  }

  /// Whether the old text, which stands there once but for blanks, gave way to the new one, and the
  /// model itself wrote another new text later.
  private static boolean isAsAsked(String after, JsonNode one) {
    JsonNode edit = editsOf(one).iterator().next();
    String wanted = withoutBlanks(edit.get("new").asString());
    String old = withoutBlanks(edit.get("old").asString());
    String before = withoutBlanks(content(one));
    return !wanted.equals(withoutBlanks(repairedText(one.path("repair"), "new")))
        && EditLadder.occurrences(before, old, true).size() == 1
        && before.replace(old, wanted).equals(withoutBlanks(after));
  }

  private static String withoutBlanks(String text) {
    return text.replaceAll("\\s", "");
  }

  private static String repairedText(JsonNode repair, String which) {
    JsonNode edits = repair.isArray() ? repair : repair.path("edits");
    JsonNode first = edits.isArray() && !edits.isEmpty() ? edits.get(0) : repair;
    return first.path(which).asString("");
  }

  private static String reason(JsonNode one) {
    String text = content(one);
    for (JsonNode edit : editsOf(one)) {
      switch (applyOne(text, edit)) {
        case EditLadder.Applied applied -> text = applied.text();
        case EditLadder.Refused refused -> {
          return refused.reason();
        }
      }
    }
    return "";
  }

  private static Optional<String> apply(JsonNode one) {
    String text = content(one);
    for (JsonNode edit : editsOf(one)) {
      switch (applyOne(text, edit)) {
        case EditLadder.Applied applied -> text = applied.text();
        case EditLadder.Refused refused -> {
          return Optional.empty();
        }
      }
    }
    return Optional.of(text);
  }

  private static EditLadder.Result applyOne(String text, JsonNode edit) {
    return EditLadder.apply(
        text,
        edit.get("old").asString(),
        edit.get("new").asString(),
        edit.path("all").asBoolean(false));
  }

  private static Iterable<JsonNode> editsOf(JsonNode one) {
    return one.has("edits") ? one.get("edits") : List.of(one);
  }

  private static String content(JsonNode one) {
    String original = ORIGINALS.get(one.get("original").asString());
    JsonNode operation = one.path("file_op");
    String content = original;
    if (operation.isString()) {
      content = original.replace("\r\n", "\n").replace("\n", "\r\n");
    } else if (operation.isObject()) {
      int start = original.offsetByCodePoints(0, operation.get("start").asInt());
      int end = original.offsetByCodePoints(0, operation.get("end").asInt());
      content =
          original.substring(0, start) + operation.get("text").asString() + original.substring(end);
    }
    if (one.has("content_sha256")) {
      assertThat(sha256(content)).isEqualTo(one.get("content_sha256").asString());
    }
    return content;
  }

  private static Verdict verdict(Optional<String> after, JsonNode one) {
    if (after.isEmpty()) {
      return Verdict.REFUSED;
    }
    if (sha256(after.get()).equals(one.path("result_sha256").asString(""))) {
      return Verdict.RIGHT;
    }
    String wanted = ORIGINALS.get(one.path("result").asString(""));
    if (wanted != null && wanted.equals(after.get())) {
      return Verdict.RIGHT;
    }
    if (wanted != null && withoutBlanks(wanted).equals(withoutBlanks(after.get()))) {
      return Verdict.RIGHT_BUT_FOR_BLANKS;
    }
    return Verdict.DAMAGED;
  }

  private static String sha256(String text) {
    return InputHash.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<JsonNode> read(String name) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(edits.resolve(name))),
                StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(Json.STRICT.readTree(line));
      }
    }
    return lines;
  }
}
