package dev.warren.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/// The readers of providers' answers under a coverage-guided fuzzer (Jazzer), each for ten minutes
/// or for the seconds in `WARREN_FUZZ_S`, with recorded traffic as seeds where there is some
/// (`WARREN_CASSETTES`). A finding stays in `bench/target/findings` and ends the target's run.
final class FuzzBench implements Benchmark {
  private static final List<String> TARGETS =
      List.of("sse", "frames", "anthropic", "openai-chat", "openai-responses", "gemini", "bedrock");
  private static final int SECONDS_DEFAULT = 600;
  private static final int SEED_BYTES_MAX = 32 * 1024;

  /// Beyond the heap that a reader of answers may need for what the fuzzer writes.
  private static final String HEAP = "-Xmx768m";

  private static final Pattern COVERAGE = Pattern.compile("cov: (\\d+)");
  private static final Pattern RUNS = Pattern.compile("stat::number_of_executed_units: (\\d+)");

  @Override
  public String name() {
    return "fuzz";
  }

  @Override
  public boolean inAll() {
    return false;
  }

  @Override
  public void run(Path folder) {
    int seconds =
        Optional.ofNullable(System.getenv("WARREN_FUZZ_S"))
            .map(Integer::parseInt)
            .orElse(SECONDS_DEFAULT);
    String classes = compiled(folder);
    Table table =
        new Table(
            "Fuzzing, " + seconds + " s a reader", "reader", "seeds", "runs", "edges", "findings");
    for (String target : TARGETS) {
      Path corpus = folder.resolve("corpus-" + target);
      int seeds = seeds(target, corpus);
      Path findings = Extras.root().resolve("bench/target/findings/" + target);
      List<String> command =
          List.of(
              ProcessHandle.current().info().command().orElseThrow(),
              HEAP,
              "-Dwarren.fuzz=" + target,
              "-cp",
              Extras.jars("fuzz", folder) + ":" + classes + ":" + Extras.product(),
              "com.code_intelligence.jazzer.Jazzer",
              "--target_class=dev.warren.llm.AnswerFuzz",
              "--instrumentation_includes=dev.warren.llm.**",
              "--reproducer_path=" + findings,
              "-artifact_prefix=" + findings + "/",
              "-max_total_time=" + seconds,
              "-max_len=" + SEED_BYTES_MAX,
              "-print_final_stats=1",
              corpus.toString());
      create(findings);
      try (Program fuzzer = Program.start(folder, "fuzz-" + target, Map.of(), command)) {
        fuzzer.awaitExit(Duration.ofSeconds(seconds + 120L));
        table.row(
            target,
            Integer.toString(seeds),
            last(RUNS, fuzzer.output()),
            last(COVERAGE, fuzzer.output()),
            Long.toString(files(findings)));
      }
    }
    table.print(System.out);
  }

  private static String last(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    String found = "?";
    while (matcher.find()) {
      found = matcher.group(1);
    }
    return found;
  }

  /// The target, which lies in the package that it looks into.
  private static String compiled(Path folder) {
    Path classes = folder.resolve("classes");
    create(classes);
    Path source = Extras.root().resolve("bench/fuzz/dev/warren/llm/AnswerFuzz.java");
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-d",
                classes.toString(),
                "-cp",
                Extras.productJars(),
                source.toString());
    if (status != 0) {
      throw new IllegalStateException(source + " does not compile");
    }
    return classes.toString();
  }

  /// Recordings of the format; without any the fuzzer begins with nothing.
  private static int seeds(String target, Path corpus) {
    create(corpus);
    Optional<Path> cassettes =
        Optional.ofNullable(System.getenv("WARREN_CASSETTES"))
            .map(Path::of)
            .filter(Files::isDirectory);
    if (cassettes.isEmpty()) {
      return 0;
    }
    String group =
        switch (target) {
          case "sse" -> "anthropic";
          case "frames" -> "bedrock";
          default -> target;
        };
    int count = 0;
    try (Stream<Path> files = Files.list(cassettes.get().resolve(group))) {
      for (Path file : files.filter(f -> f.toString().matches(".*\\.(sse|eventstream)")).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        if (target.equals("bedrock")) {
          bytes = lines(bytes);
        }
        if (bytes.length <= SEED_BYTES_MAX) {
          Files.write(corpus.resolve("seed-" + count++), bytes);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return count;
  }

  /// Frames as the target reads them: a line an event, its type first.
  private static byte[] lines(byte[] frames) {
    String text = new String(frames, StandardCharsets.UTF_8);
    Matcher matcher =
        Pattern.compile(
                ":event-type.{3}(\\w+?)\\W.*?event(\\{.*?\\})(?=[^\\x20-\\x7e]|$)", Pattern.DOTALL)
            .matcher(text);
    StringBuilder lines = new StringBuilder();
    while (matcher.find()) {
      lines.append(matcher.group(1)).append(' ').append(matcher.group(2)).append('\n');
    }
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static long files(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> !f.toString().endsWith(".java")).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void create(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
