package dev.warren.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Which way the tunnel goes between two sites behind each pair of NATs, in network namespaces, and
/// what a transfer makes of a path that changes under it. Needs root.
final class NatBench implements Benchmark {
  private static final Duration DEADLINE = Duration.ofMinutes(3);
  private static final long BYTES = 200_000_000;

  /// What happens in the midst of a transfer.
  private enum Trouble {
    NOTHING,
    UDP_CUT,
    ADDRESS_CHANGED,
    RELAY_RESTARTED,
    NOTHING_PASSES_FOR_30_S,
    ONE_PERCENT_LOST
  }

  @Override
  public String name() {
    return "nat";
  }

  @Override
  public void run(Path folder) throws IOException {
    if (!Lab.works()) {
      System.err.println(
          "The NAT benchmark makes network namespaces: run it as root, with ip and iptables.");
      return;
    }
    Table pairs =
        new Table(
            "Tunnel between NATs: the way after at most 10 s",
            "dialer / daemon",
            "way",
            "connected ms",
            "direct after ms");
    for (Lab.Nat one : Lab.Nat.values()) {
      for (Lab.Nat other : Lab.Nat.values()) {
        Map<String, Double> found =
            one(Files.createTempDirectory(folder, "pair"), one, other, Trouble.NOTHING, 0);
        pairs.row(
            one + " / " + other,
            found.containsKey("direct_ms") ? "direct" : "relay",
            number(found, "connected_ms"),
            number(found, "direct_ms"));
      }
    }
    pairs.print(System.out);
    Table switches =
        new Table(
            "200 MB from behind an easy NAT to behind an easy NAT, with trouble after a quarter",
            "trouble",
            "whole",
            "seconds",
            "longest stall ms",
            "way at the end",
            "switches");
    for (Trouble trouble : Trouble.values()) {
      Map<String, Double> found =
          one(
              Files.createTempDirectory(folder, "trouble"),
              Lab.Nat.EASY,
              Lab.Nat.EASY,
              trouble,
              BYTES);
      switches.row(
          trouble.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '),
          found.getOrDefault("whole", 0.0) == 1 ? "yes" : "no",
          number(found, "seconds"),
          number(found, "stalled_ms"),
          found.containsKey("direct_at_end") ? "direct" : "relay",
          number(found, "switches"));
    }
    switches.print(System.out);
  }

  private static Map<String, Double> one(
      Path folder, Lab.Nat one, Lab.Nat other, Trouble trouble, long bytes) {
    try (Lab lab = new Lab(one, other);
        Program relay = relay(lab, folder);
        Program daemon = peer(lab, "n2", folder, "daemon")) {
      daemon.await("a daemon", DEADLINE, () -> Files.exists(folder.resolve("daemon")));
      try (Program client = peer(lab, "n1", folder, "client", Long.toString(bytes))) {
        if (trouble == Trouble.NOTHING) {
          return result(client);
        }
        client.await("a transfer", DEADLINE, () -> client.output().contains("under way"));
        return trouble(lab, folder, trouble, relay, client);
      }
    }
  }

  private static Map<String, Double> trouble(
      Lab lab, Path folder, Trouble trouble, Program relay, Program client) {
    switch (trouble) {
      case NOTHING -> {}
      case UDP_CUT -> lab.drop(1, true, true);
      case ADDRESS_CHANGED -> lab.move(1);
      case RELAY_RESTARTED -> {
        relay.close();
        try (Program _ = relay(lab, folder)) {
          return result(client);
        }
      }
      case NOTHING_PASSES_FOR_30_S -> {
        lab.drop(1, false, true);
        Program.pause(Duration.ofSeconds(30));
        lab.drop(1, false, false);
      }
      case ONE_PERCENT_LOST -> lab.lose(1, 1);
    }
    return result(client);
  }

  private static Map<String, Double> result(Program client) {
    client.await("a result", DEADLINE, () -> client.output().lines().anyMatch("done"::equals));
    Map<String, Double> values = new HashMap<>();
    for (String line : client.output().lines().toList()) {
      String[] parts = line.split(" ", -1);
      if (parts.length == 2 && parts[1].matches("[0-9.]+")) {
        values.put(parts[0], Double.valueOf(parts[1]));
      }
    }
    return values;
  }

  private static Program relay(Lab lab, Path folder) {
    Program relay = peer(lab, "inet", folder, "relay");
    relay.await("a relay", DEADLINE, () -> relay.output().contains("ready"));
    return relay;
  }

  private static String number(Map<String, Double> values, String name) {
    Double value = values.get(name);
    return value == null ? "-" : Table.number(value);
  }

  private static Program peer(Lab lab, String space, Path folder, String part, String... more) {
    String libraries =
        Path.of(System.getProperty("warren.home", "dist/target/warren"), "lib").toString();
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path") + ":" + libraries + "/*",
                NatPeer.class.getName(),
                part,
                folder.toString()));
    command.addAll(List.of(more));
    return Program.start(folder, part, Map.of(), lab.at(space, command));
  }
}
