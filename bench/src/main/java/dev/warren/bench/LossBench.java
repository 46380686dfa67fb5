package dev.warren.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Small exchanges beside two downloads over a line of 100 Mbit/s with a round trip of 50 ms that
/// loses 1 % of its packets: by the tunnel, where all of it shares one connection, and by TCP with
/// a connection for each. Needs root, and `/dev/net/tun`.
final class LossBench implements Benchmark {
  private static final Duration DEADLINE = Duration.ofMinutes(2);

  @Override
  public String name() {
    return "tunnel-loss";
  }

  @Override
  public void run(Path folder) {
    if (!Lab.works() || !Files.exists(Path.of("/dev/net/tun"))) {
      System.err.println(
          "The benchmark of a lossy line makes network devices: run it as root, with ip, iptables and /dev/net/tun.");
      return;
    }
    Table table =
        new Table(
            "1 KiB there and back beside two downloads: 1 % lost, 50 ms, 100 Mbit/s",
            "way", "p50 ms", "p99 ms", "exchanges", "downloads MB/s");
    for (String way : List.of("relay", "direct", "tcp")) {
      Map<String, Double> found = one(folder, way);
      table.row(
          way.equals("tcp") ? "TCP, a connection each" : "tunnel, " + way,
          number(found, "p50_ms"),
          number(found, "p99_ms"),
          number(found, "exchanges"),
          number(found, "mb_per_s"));
    }
    table.print(System.out);
  }

  private static Map<String, Double> one(Path parent, String way) {
    Path folder = parent.resolve(way);
    folder.toFile().mkdir();
    String here = "wna" + ProcessHandle.current().pid();
    String there = "wnb" + ProcessHandle.current().pid();
    try (Lab lab = new Lab(Lab.Nat.NONE, Lab.Nat.NONE);
        Program wire = TunnelBench.peer(LossyWire.class, "256m", folder, here, there)) {
      TunnelBench.await(wire, "ready", DEADLINE);
      lab.wire(1, here, there);
      try (Program relay = at(lab, "inet", folder, NatPeer.class, "relay")) {
        TunnelBench.await(relay, "ready", DEADLINE);
        try (Program daemon = at(lab, "inet", folder, LossPeer.class, "daemon")) {
          daemon.await("a daemon", DEADLINE, () -> Files.exists(folder.resolve("daemon")));
          try (Program client = at(lab, "n1", folder, LossPeer.class, "client", way)) {
            TunnelBench.await(client, "done", DEADLINE);
            return TunnelBench.values(client.output());
          }
        }
      }
    }
  }

  private static Program at(
      Lab lab, String space, Path folder, Class<?> main, String part, String... more) {
    List<String> arguments = new java.util.ArrayList<>(List.of(part, folder.toString()));
    arguments.addAll(List.of(more));
    List<String> command = TunnelBench.command(main, "256m", arguments.toArray(String[]::new));
    return Program.start(folder, part, Map.of(), lab.at(space, command));
  }

  private static String number(Map<String, Double> values, String name) {
    return Table.number(values.getOrDefault(name, Double.NaN));
  }
}
