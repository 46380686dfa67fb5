package dev.warren.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Runs the benchmarks that are named, or all.
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description =
        "Measures Warren beside peers: stream, scale, idle, read-file, tunnel, tunnel-crowd,"
            + " tunnel-flood, tunnel-loss, nat, providers;"
            + " history, what a turn costs in a long chat; and fuzz, which tries to break the"
            + " readers of answers. All when none is named. By name only: ssh,"
            + " terminals, chaos, failover, claims.")
public final class Main implements Callable<Integer> {
  private static final List<Benchmark> ALL =
      List.of(
          new StreamBench(),
          new IdleBench(),
          new ReadFileBench(),
          new TunnelBench(),
          new TunnelCrowd(),
          new TunnelFlood(),
          new LossBench(),
          new NatBench(),
          new ProvidersBench(),
          new HistoryBench(),
          new ScaleBench(),
          new SshBench(),
          new FuzzBench());

  /// Need no nginx, and take long.
  private static final List<String> BY_NAME = List.of("chaos", "failover", "claims", "terminals");

  @Parameters(paramLabel = "NAME", arity = "0..*")
  private List<String> names = List.of();

  @Option(names = "--seeds", paramLabel = "N", description = "of chaos: how many seeds")
  private int seeds = 20;

  @Option(names = "--first-seed", paramLabel = "SEED", description = "of chaos: where to begin")
  private long firstSeed = 1;

  @Option(names = "--terminals", paramLabel = "N", description = "of terminals: how many")
  private int terminals = 1_000;

  @Option(names = "--times", paramLabel = "N", description = "of failover: how many kills")
  private int times = 50;

  private Main() {}

  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }

  @Override
  public Integer call() {
    for (String name : names) {
      if (!BY_NAME.contains(name)
          && ALL.stream().noneMatch(benchmark -> benchmark.name().equals(name))) {
        System.err.println(
            "There is no benchmark "
                + name
                + "; there are "
                + String.join(", ", ALL.stream().map(Benchmark::name).toList())
                + ", "
                + String.join(", ", BY_NAME)
                + ".");
        return 2;
      }
    }
    if (names.contains("chaos")) {
      run(new ChaosBench(firstSeed, seeds));
    }
    if (names.contains("failover")) {
      run(new FailoverBench(times));
    }
    if (names.contains("claims")) {
      run(new ClaimsBench());
    }
    if (names.contains("terminals")) {
      if (!TmuxTerminals.installed() || !Sshd.installed()) {
        System.err.println(
            "The peers are not installed; run: apt-get install -y tmux openssh-server");
        return 1;
      }
      run(new TerminalsBench(terminals));
    }
    if (!names.isEmpty() && BY_NAME.containsAll(names)) {
      return 0;
    }
    if (!Nginx.installed() || !Sshd.installed()) {
      System.err.println(
          "The peers are not installed; run: apt-get install -y nginx-light openssh-server");
      return 1;
    }
    for (Benchmark benchmark : ALL) {
      if (names.isEmpty() ? benchmark.inAll() : names.contains(benchmark.name())) {
        run(benchmark);
      }
    }
    return 0;
  }

  private static void run(Benchmark benchmark) {
    System.err.println("Running " + benchmark.name());
    try {
      Path folder = Files.createTempDirectory("warren-bench-");
      try {
        benchmark.run(folder);
      } finally {
        delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
