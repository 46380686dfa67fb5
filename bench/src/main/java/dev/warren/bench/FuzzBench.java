package dev.warren.bench;

import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.Coordination;
import dev.warren.protocol.tunnel.NodeRole;
import dev.warren.protocol.tunnel.StreamKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/// The readers of what comes from outside under a coverage-guided fuzzer (Jazzer): providers'
/// answers, and the tunnel's datagrams and frames. Each for ten minutes or for the seconds in
/// `WARREN_FUZZ_S`, all of them or those that `WARREN_FUZZ` names (with commas between); answers
/// with recorded traffic as seeds where there is some (`WARREN_CASSETTES`). A finding stays in
/// `bench/target/findings` and ends the target's run.
final class FuzzBench implements Benchmark {
  /// A program that the fuzzer calls, which lies in the package that it looks into.
  ///
  /// @param watched classes whose branches the fuzzer counts
  /// @param readers that the program knows by name
  private record Target(String program, String watched, List<String> readers) {
    Path source() {
      return Extras.root().resolve("bench/fuzz/" + program.replace('.', '/') + ".java");
    }
  }

  private static final Target ANSWERS =
      new Target(
          "dev.warren.llm.AnswerFuzz",
          "dev.warren.llm.**",
          List.of(
              "sse",
              "frames",
              "anthropic",
              "openai-chat",
              "openai-responses",
              "gemini",
              "bedrock"));

  private static final Target TUNNEL =
      new Target(
          "dev.warren.tunnel.TunnelFuzz",
          "dev.warren.tunnel.**:dev.warren.protocol.**",
          List.of("probes", "coordination", "messages", "mesh"));

  private static final List<Target> TARGETS = List.of(ANSWERS, TUNNEL);
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
    List<String> wanted =
        Optional.ofNullable(System.getenv("WARREN_FUZZ"))
            .map(names -> List.of(names.split(",", -1)))
            .orElseGet(
                () -> TARGETS.stream().flatMap(target -> target.readers().stream()).toList());
    String classes = compiled(folder);
    Table table =
        new Table(
            "Fuzzing, " + seconds + " s a reader", "reader", "seeds", "runs", "edges", "findings");
    for (Target target : TARGETS) {
      for (String reader : target.readers().stream().filter(wanted::contains).toList()) {
        table.row(fuzz(folder, classes, target, reader, seconds));
      }
    }
    table.print(System.out);
  }

  /// @return a row of the table
  private static String[] fuzz(
      Path folder, String classes, Target target, String reader, int seconds) {
    Path corpus = folder.resolve("corpus-" + reader);
    int seeds = target.equals(ANSWERS) ? seeds(reader, corpus) : frames(reader, corpus);
    Path findings = Extras.root().resolve("bench/target/findings/" + reader);
    List<String> command =
        List.of(
            ProcessHandle.current().info().command().orElseThrow(),
            HEAP,
            "-Dwarren.fuzz=" + reader,
            "-cp",
            Extras.jars("fuzz", folder) + ":" + classes + ":" + Extras.product(),
            "com.code_intelligence.jazzer.Jazzer",
            "--target_class=" + target.program(),
            "--instrumentation_includes=" + target.watched(),
            "--reproducer_path=" + findings,
            "-artifact_prefix=" + findings + "/",
            "-max_total_time=" + seconds,
            "-max_len=" + SEED_BYTES_MAX,
            "-print_final_stats=1",
            corpus.toString());
    create(findings);
    try (Program fuzzer = Program.start(folder, "fuzz-" + reader, Map.of(), command)) {
      fuzzer.awaitExit(Duration.ofSeconds(seconds + 120L));
      return new String[] {
        reader,
        Integer.toString(seeds),
        last(RUNS, fuzzer.output()),
        last(COVERAGE, fuzzer.output()),
        Long.toString(files(findings))
      };
    }
  }

  private static String last(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    String found = "?";
    while (matcher.find()) {
      found = matcher.group(1);
    }
    return found;
  }

  private static String compiled(Path folder) {
    Path classes = folder.resolve("classes");
    create(classes);
    List<String> arguments =
        new ArrayList<>(List.of("-d", classes.toString(), "-cp", Extras.productJars()));
    TARGETS.stream().map(target -> target.source().toString()).forEach(arguments::add);
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, arguments.toArray(String[]::new));
    if (status != 0) {
      throw new IllegalStateException("the fuzzer's targets do not compile");
    }
    return classes.toString();
  }

  /// A frame of each kind.
  private static int frames(String reader, Path corpus) {
    create(corpus);
    List<String> frames =
        switch (reader) {
          case "coordination" -> coordination();
          case "mesh" -> mesh();
          default -> List.of();
        };
    try {
      for (String frame : frames) {
        Files.writeString(corpus.resolve("seed-" + frames.indexOf(frame)), frame);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return frames.size();
  }

  /// What a relay says to another one.
  private static List<String> mesh() {
    String node = "ab".repeat(NodeId.BYTES);
    return List.of(
        """
        {"type":"here","node":"%s","instance":"%s","since_ms":1,"direct":true}\
        """
            .formatted(node, new UUID(1, 2)),
        "{\"type\":\"gone\",\"node\":\"%s\"}".formatted(node),
        """
        {"type":"dialers","target":"%s","dialers":[{"node_id":"%s","kinds":["http"]}]}\
        """
            .formatted("33".repeat(NodeId.BYTES), node),
        """
        {"type":"text","to":"%s","frame":"{\\"type\\":\\"restarting\\",\\"after_ms\\":1}"}\
        """
            .formatted("33".repeat(NodeId.BYTES)),
        "{\"type\":\"revoke\",\"node\":\"%s\",\"reason\":\"deleted\"}".formatted(node));
  }

  private static List<String> coordination() {
    NodeId node = new NodeId("ab".repeat(NodeId.BYTES));
    String key = "A".repeat(Coordination.Meet.PROBE_KEY_CHARS - 1) + "=";
    UUID instance = new UUID(1, 2);
    return Stream.<Coordination>of(
            new Coordination.Challenge("AAAA", node),
            new Coordination.Attach(
                "AA==", "AA==", Optional.of("t"), NodeRole.CLIENT, "1", instance, Optional.of(7L)),
            new Coordination.Attached(
                node,
                Optional.empty(),
                Optional.of(
                    new Coordination.DirectOffer(Optional.of(1), Optional.of("192.0.2.1")))),
            new Coordination.Peers(List.of(new Coordination.Dialer(node, Set.of(StreamKind.HTTP)))),
            new Coordination.Presence(node, Optional.of(instance)),
            new Coordination.Restarting(7),
            new Coordination.Meet(node, true, key, List.of("192.0.2.7:1", "[2001:db8::1]:2")),
            new Coordination.GitCredential(1, "git.example.com"),
            new Coordination.GitAnswer(1, Optional.of("u"), Optional.of("p"), ""))
        .map(Coordination::toJson)
        .toList();
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
