package dev.warren.bench;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Our adapters beside the official Java SDKs of Anthropic and OpenAI: CPU of a delta, heap of an
/// open stream, threads, and how soon an interrupted stream lets go of its connection. Each client
/// is a process of its own; the model's process is not counted. The SDKs are fetched when this
/// runs.
final class ProvidersBench implements Benchmark {
  private static final Duration DEADLINE = Duration.ofMinutes(10);

  @Override
  public String name() {
    return "providers";
  }

  private static String script() {
    return """
    {"rules": [
      {"when": {"last_user": "blast"}, "turns": [[{"repeat": {"count": %d, "batch": 8}}]]},
      {"when": {"last_user": "hold"}, "turns": [[{"text": "x"}, {"fault": {"kind": "stall"}}]]},
      {"turns": [[{"repeat": {"count": %d, "per_second": %d}}]]}]}
    """
        .formatted(ModelLoad.BLAST_DELTAS, ModelLoad.DELTAS, ModelLoad.DELTAS_PER_SECOND);
  }

  @Override
  public void run(Path folder) {
    String peers = Extras.jars("peers", folder);
    Table table =
        new Table(
            "%d streams of %d deltas at %d/s; blast: %d streams of %d as fast as they go"
                .formatted(
                    ModelLoad.STREAMS,
                    ModelLoad.DELTAS,
                    ModelLoad.DELTAS_PER_SECOND,
                    ModelLoad.BLAST_STREAMS,
                    ModelLoad.BLAST_DELTAS),
            "client",
            "CPU µs/delta paced",
            "blast",
            "heap KiB/stream",
            "OS threads",
            "cancel p50 ms",
            "p99",
            "failures");
    try (ScriptedProcess model = new ScriptedProcess(folder, script())) {
      for (String provider : List.of("anthropic", "openai")) {
        row(table, "warren, " + provider, own(folder, provider, model.url()));
        row(table, "SDK, " + provider, sdk(folder, peers, provider, model.url()));
      }
    }
    table.print(System.out);
  }

  private static void row(Table table, String client, Map<String, Double> values) {
    List<String> cells = new ArrayList<>(List.of(client));
    for (String name :
        List.of(
            "paced_us_per_delta",
            "blast_us_per_delta",
            "heap_kib_per_stream",
            "threads",
            "cancel_p50_ms",
            "cancel_p99_ms",
            "failures")) {
      cells.add(Table.number(values.getOrDefault(name, Double.NaN)));
    }
    table.row(cells.toArray(String[]::new));
  }

  private static Map<String, Double> own(Path folder, String provider, String url) {
    String path = System.getProperty("java.class.path") + ":" + Extras.product();
    return load(
        folder, "own-" + provider, path, List.of("dev.warren.bench.ModelLoad"), provider, url);
  }

  private static Map<String, Double> sdk(Path folder, String peers, String provider, String url) {
    String classes = System.getProperty("java.class.path").split(File.pathSeparator)[0];
    String path = classes + ":" + Extras.product() + ":" + peers;
    String source = Extras.root().resolve("bench/peers/SdkLoad.java").toString();
    return load(folder, "sdk-" + provider, path, List.of(source), provider, url);
  }

  private static Map<String, Double> load(
      Path folder, String name, String path, List<String> main, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(ProcessHandle.current().info().command().orElseThrow(), "-Xmx2g", "-cp", path));
    command.addAll(main);
    command.addAll(Stream.of(arguments).toList());
    try (Program load = Program.start(folder, name, Map.of(), command)) {
      load.await(
          "the load of " + name, DEADLINE, () -> load.output().lines().anyMatch("done"::equals));
      return values(load.output());
    }
  }

  private static Map<String, Double> values(String output) {
    Map<String, Double> values = new HashMap<>();
    for (String line : output.lines().toList()) {
      String[] parts = line.split(" ", -1);
      if (parts.length == 2 && parts[1].matches("-?[0-9.]+(E-?\\d+)?")) {
        values.put(parts[0], Double.valueOf(parts[1]));
      }
    }
    return values;
  }
}
