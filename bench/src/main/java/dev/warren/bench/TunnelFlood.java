package dev.warren.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// What a node that floods the relay takes from the others: a client's download from a daemon by
/// the relay, first alone, then beside a node that sends messages as fast as the relay takes them,
/// to nobody, to a daemon of its own, or to the daemon that the download comes from. The flooder's
/// process yields the CPU to all others, as if it were another machine; the relay's work for it
/// counts in full.
final class TunnelFlood implements Benchmark {
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final Duration SETTLED = Duration.ofSeconds(2);
  private static final Duration WINDOW = Duration.ofSeconds(6);

  /// Something was moved.
  private static final Pattern MOVED = Pattern.compile("moved \\d+ [1-9]\\d*\\.");

  /// A download at this pace leaves the two cores room, as a network would.
  private static final int PACED_MB_PER_S = 20;

  @Override
  public String name() {
    return "tunnel-flood";
  }

  @Override
  public void run(Path folder) throws IOException {
    Table table =
        new Table(
            "A flood through the relay, and what another node's download has of its throughput",
            "download",
            "flood to",
            "flood taken MB/s",
            "download MB/s, before",
            "beside",
            "lost %");
    for (int pace : List.of(PACED_MB_PER_S, 0)) {
      Path place = Files.createDirectory(folder.resolve("pace-" + pace));
      String port = Integer.toString(Program.freePort());
      try (Program host = peer(place, "host", port);
          Program daemon =
              TunnelBench.peer(TunnelPeer.class, "512m", place, "daemon", port, place.toString())) {
        TunnelBench.await(host, "ready", DEADLINE);
        daemon.await("a daemon", DEADLINE, () -> Files.exists(place.resolve("daemon")));
        try (Program others =
            peer(place, "download", port, place.toString(), Integer.toString(pace))) {
          others.await("a download", DEADLINE, () -> moves(others));
          // The first seconds warm it up.
          rate(others, WINDOW);
          for (TunnelFloodPeer.Aim aim : TunnelFloodPeer.Aim.values()) {
            double before = rate(others, WINDOW);
            try (Program flood = flood(place, port, aim)) {
              flood.await("a flood", DEADLINE, () -> moves(flood));
              Program.pause(SETTLED);
              double beside = rate(others, WINDOW);
              table.row(
                  pace == 0 ? "as fast as it goes" : pace + " MB/s",
                  aim.words,
                  Table.number(rate(flood)),
                  Table.number(before),
                  Table.number(beside),
                  Table.number(Math.max(0, 100 * (1 - beside / before))));
            }
            Program.pause(SETTLED);
          }
        }
      }
    }
    table.print(System.out);
  }

  private static boolean moves(Program program) {
    return MOVED.matcher(program.output()).find();
  }

  private static double rate(Program program, Duration window) {
    Program.pause(window);
    return rate(program);
  }

  /// MB a second over the last window, of lines `moved MILLIS BYTES`.
  private static double rate(Program program) {
    Deque<long[]> seen = new ArrayDeque<>();
    for (String line : program.output().lines().toList()) {
      String[] parts = line.split(" ", -1);
      if (parts.length == 3 && parts[0].equals("moved") && parts[2].endsWith(".")) {
        long bytes = Long.parseLong(parts[2].substring(0, parts[2].length() - 1));
        seen.add(new long[] {Long.parseLong(parts[1]), bytes});
      }
    }
    long[] last = seen.getLast();
    while (seen.size() > 2 && last[0] - seen.getFirst()[0] > WINDOW.toMillis()) {
      seen.removeFirst();
    }
    long[] first = seen.getFirst();
    return (last[1] - first[1]) / 1e3 / Math.max(1, last[0] - first[0]);
  }

  private static Program peer(Path folder, String... arguments) {
    return TunnelBench.peer(TunnelFloodPeer.class, "512m", folder, arguments);
  }

  private static Program flood(Path folder, String port, TunnelFloodPeer.Aim aim) {
    List<String> command =
        TunnelBench.command(
            TunnelFloodPeer.class, "256m", "flood", port, folder.toString(), aim.name());
    List<String> yielding = new java.util.ArrayList<>(List.of("nice", "-n", "19"));
    yielding.addAll(command);
    return Program.start(folder, "flood-" + aim.name(), Map.of(), yielding);
  }
}
