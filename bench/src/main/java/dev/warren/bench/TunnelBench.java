package dev.warren.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The tunnel through the relay and by a direct path, from the control plane (whose node is in the
/// relay's process) and from a client (by the relay, two WebSockets), beside a bare TCP connection
/// and `ssh -L`. The far end is a process of its own in each case, and all of it shares the
/// machine. Tunnel streams share one connection; the others have a connection a stream.
final class TunnelBench implements Benchmark {
  private static final Duration DEADLINE = Duration.ofMinutes(10);
  private static final Duration START_DEADLINE = Duration.ofSeconds(60);

  private static final List<String> ROWS =
      List.of(
          "TCP",
          "ssh -L",
          "control plane, relay",
          "client, relay",
          "control plane, direct",
          "client, direct");

  @Override
  public String name() {
    return "tunnel";
  }

  @Override
  public void run(Path folder) throws IOException {
    Map<String, Map<String, Double>> results = new HashMap<>();
    int tcpPort = Program.freePort();
    try (Program server = peer(folder, "tcp-server", Integer.toString(tcpPort))) {
      await(server, "ready", START_DEADLINE);
      results.put("TCP", load(folder, "tcp-client", tcpPort, List.of(server.pid())));
      try (Sshd ssh = new Sshd(folder)) {
        int forwarded = ssh.forward(tcpPort);
        List<Long> pids = new ArrayList<>(ssh.pids());
        pids.add(server.pid());
        results.put("ssh -L", load(folder, "tcp-client", forwarded, pids));
      }
    }
    for (String way : List.of("relay", "direct")) {
      Path place = Files.createDirectory(folder.resolve(way));
      through(place, way, results);
    }
    print(results);
  }

  /// The control plane's own node, then a client's, by this way.
  private static void through(Path folder, String way, Map<String, Map<String, Double>> results) {
    int port = Program.freePort();
    String place = folder.toString();
    try (Program control = peer(folder, "control", Integer.toString(port), place, way)) {
      await(control, "ready", START_DEADLINE);
      try (Program daemon = peer(folder, "daemon", Integer.toString(port), place)) {
        daemon.await(
            "an attached daemon", START_DEADLINE, () -> Files.exists(folder.resolve("daemon")));
        write(folder.resolve("go"), control.pid() + "," + daemon.pid());
        await(control, "done", DEADLINE);
        results.put("control plane, " + way, values(control.output()));
        results.put(
            "client, " + way, client(folder, port, List.of(control.pid(), daemon.pid()), way));
      }
    }
  }

  private static void print(Map<String, Map<String, Double>> results) {
    Table bulk =
        new Table(
            "Tunnel: bulk, MB/s, median of 3",
            "path",
            "down 1",
            "down 8",
            "up 1",
            "up 8",
            "CPU s/GB (all processes)");
    Table small =
        new Table(
            "Tunnel: 1 KiB there and back, p50/p99 µs",
            "path",
            "alone",
            "64 at once",
            "beside bulk",
            "set-up with the first");
    for (String path : ROWS) {
      Map<String, Double> values = results.getOrDefault(path, Map.of());
      bulk.row(
          path,
          number(values, "down1"),
          number(values, "down8"),
          number(values, "up1"),
          number(values, "up8"),
          number(values, "cpu_s_per_gb"));
      small.row(
          path,
          pair(values, "alone"),
          pair(values, "many"),
          pair(values, "beside"),
          pair(values, "dial"));
    }
    bulk.print(System.out);
    small.print(System.out);
  }

  private static String number(Map<String, Double> values, String name) {
    return Table.number(values.getOrDefault(name, Double.NaN));
  }

  private static String pair(Map<String, Double> values, String name) {
    return number(values, name + "_p50_us") + " / " + number(values, name + "_p99_us");
  }

  private static Map<String, Double> client(Path folder, int port, List<Long> pids, String way) {
    try (Program load =
        peer(folder, "client", Integer.toString(port), folder.toString(), joined(pids), way)) {
      await(load, "done", DEADLINE);
      return values(load.output());
    }
  }

  private static Map<String, Double> load(Path folder, String part, int port, List<Long> pids) {
    try (Program load = peer(folder, part, Integer.toString(port), joined(pids))) {
      await(load, "done", DEADLINE);
      return values(load.output());
    }
  }

  private static String joined(List<Long> pids) {
    return String.join(",", pids.stream().map(String::valueOf).toList());
  }

  static void await(Program program, String line, Duration deadline) {
    program.await(line, deadline, () -> program.output().lines().anyMatch(line::equals));
  }

  static Map<String, Double> values(String output) {
    Map<String, Double> values = new HashMap<>();
    for (String line : output.lines().toList()) {
      String[] parts = line.split(" ", -1);
      if (parts.length == 2 && parts[1].matches("[0-9.]+")) {
        values.put(parts[0], Double.valueOf(parts[1]));
      }
    }
    return values;
  }

  /// Whole or not at all, for who waits for it.
  static void write(Path file, String text) {
    try {
      Path whole = Files.writeString(file.resolveSibling(file.getFileName() + ".new"), text);
      Files.move(whole, file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Program peer(Path folder, String... arguments) {
    return peer(TunnelPeer.class, "512m", folder, arguments);
  }

  /// A process of the benchmark with the product's libraries.
  ///
  /// @param heap what `-Xmx` takes
  static Program peer(Class<?> main, String heap, Path folder, String... arguments) {
    // Several parts of one name do not run at once, but their logs shall not be one.
    return Program.start(
        folder, arguments[0] + "-" + arguments[1], Map.of(), command(main, heap, arguments));
  }

  /// With the collector and the object headers that the launcher gives the server.
  static List<String> command(Class<?> main, String heap, String... arguments) {
    String libraries =
        Path.of(System.getProperty("warren.home", "dist/target/warren"), "lib").toString();
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx" + heap,
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path") + ":" + libraries + "/*",
                main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }
}
