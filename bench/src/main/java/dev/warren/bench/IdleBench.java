package dev.warren.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Start to ready, and memory at rest: empty and with a thousand chats that wait for their users.
/// The peers are floors: a JVM that serves files, and nginx.
final class IdleBench implements Benchmark {
  private static final int CHATS = 1_000;
  private static final Duration SETTLE = Duration.ofSeconds(5);
  private static final Duration DEADLINE = Duration.ofMinutes(5);

  @Override
  public String name() {
    return "idle";
  }

  @Override
  public void run(Path folder) {
    Table table =
        new Table(
            "Start and memory at rest (proportional set size)",
            "what",
            "start to ready ms",
            "memory MiB",
            "PostgreSQL MiB");
    nginx(folder, table);
    bareJvm(folder, table);
    String script = "{\"rules\": [{\"turns\": [[{\"text\": \"Hello.\"}]]}]}";
    try (ScriptedProcess model = new ScriptedProcess(folder, script)) {
      try (Warren warren = new Warren(folder)) {
        Program.pause(SETTLE);
        row(table, "warren, first start", warren);
      }
      try (Warren warren = new Warren(folder)) {
        Program.pause(SETTLE);
        row(table, "warren, later start", warren);
        warren.useModel(model.url());
        for (int i = 0; i < CHATS; i++) {
          warren.chat("number " + i);
        }
        warren.awaitRest();
        Program.pause(SETTLE);
        row(table, "warren, " + CHATS + " waiting chats", warren);
      }
    }
    table.print(System.out);
  }

  private static void row(Table table, String what, Warren warren) {
    table.row(
        what,
        Long.toString(warren.startTime().toMillis()),
        Long.toString(ProcStat.memoryMib(warren.pids())),
        Long.toString(ProcStat.memoryMib(warren.databasePids())));
  }

  private static void nginx(Path folder, Table table) {
    long began = System.nanoTime();
    try (Nginx nginx = new Nginx(folder, 9)) {
      long ms = (System.nanoTime() - began) / 1_000_000;
      table.row("nginx", Long.toString(ms), Long.toString(ProcStat.memoryMib(nginx.pids())), "");
    }
  }

  private static void bareJvm(Path folder, Table table) {
    int port = Program.freePort();
    long began = System.nanoTime();
    List<String> command =
        List.of(
            ProcessHandle.current().info().command().orElseThrow(),
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "-m",
            "jdk.httpserver",
            "-p",
            Integer.toString(port));
    try (Program jvm = Program.start(folder, "jvm", Map.of(), command)) {
      jvm.await("the bare JVM", DEADLINE, () -> listens(port));
      long ms = (System.nanoTime() - began) / 1_000_000;
      List<Long> pids = List.of(jvm.pid());
      table.row(
          "a JVM that serves files",
          Long.toString(ms),
          Long.toString(ProcStat.memoryMib(pids)),
          "");
    }
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }
}
