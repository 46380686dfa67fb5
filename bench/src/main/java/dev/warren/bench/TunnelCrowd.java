package dev.warren.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What a thousand daemons cost the control plane while nothing happens: its resident memory,
/// without the heap that is free, for one that is attached to the relay, and for one that is
/// connected with an open stream, by the relay and by a direct path; beside what `sshd` takes for a
/// connection. The first connections bring what all share, such as compiled code; what one more
/// costs is taken from the second half of them.
final class TunnelCrowd implements Benchmark {
  static final int NODES = 1000;
  private static final int SSH_CONNECTIONS = 20;
  private static final Duration DEADLINE = Duration.ofMinutes(5);

  @Override
  public String name() {
    return "tunnel-crowd";
  }

  @Override
  public void run(Path folder) throws IOException {
    Table table =
        new Table(
            "Tunnel: the control plane's memory with " + NODES + " idle daemons, KiB of one",
            "way",
            "attached",
            "connected, above that",
            "one more connected",
            "of which heap",
            "direct at the end",
            "CPU at rest, % of a core");
    for (String way : List.of("relay", "direct")) {
      Map<String, Double> found = crowd(Files.createDirectory(folder.resolve(way)), way);
      table.row(
          way,
          number(found, "attached_kib"),
          number(found, "connected_kib"),
          number(found, "one_more_kib"),
          number(found, "one_more_heap_kib"),
          number(found, "direct"),
          number(found, "idle_cpu_percent"));
    }
    table.row("sshd", "-", "-", Table.number(ssh(folder)), "-", "-", "-");
    table.print(System.out);
  }

  private static Map<String, Double> crowd(Path folder, String way) {
    String port = Integer.toString(Program.freePort());
    String place = folder.toString();
    try (Program control =
        TunnelBench.peer(TunnelCrowdPeer.class, "1g", folder, "control", port, place, way)) {
      TunnelBench.await(control, "ready", DEADLINE);
      try (Program daemons =
          TunnelBench.peer(TunnelCrowdPeer.class, "4g", folder, "daemons", port, place, way)) {
        daemons.await(NODES + " daemons", DEADLINE, () -> Files.exists(folder.resolve("daemons")));
        TunnelBench.await(control, "done", DEADLINE);
        return TunnelBench.values(control.output());
      }
    }
  }

  /// Memory of the server's side of a connection, in KiB; pages that processes share count once.
  private static double ssh(Path folder) {
    try (Sshd ssh = new Sshd(folder)) {
      List<Program> clients = new ArrayList<>();
      try {
        int processes = ssh.pids().size();
        long before = ProcStat.memoryMib(ssh.pids());
        for (int i = 0; i < SSH_CONNECTIONS; i++) {
          List<String> command = new ArrayList<>(List.of("ssh", "-F", "none", "-N"));
          command.addAll(ssh.options());
          command.addAll(
              List.of("-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"));
          command.addAll(List.of("-o", "BatchMode=yes", "127.0.0.1"));
          Program client = Program.start(folder, "ssh-" + i, Map.of(), command);
          clients.add(client);
          int wanted = processes + i + 1;
          client.await("an ssh connection", DEADLINE, () -> ssh.pids().size() >= wanted);
        }
        Program.pause(Duration.ofSeconds(2));
        return (ProcStat.memoryMib(ssh.pids()) - before) * 1024.0 / SSH_CONNECTIONS;
      } finally {
        clients.forEach(Program::close);
      }
    }
  }

  private static String number(Map<String, Double> values, String name) {
    return Table.number(values.getOrDefault(name, Double.NaN));
  }
}
