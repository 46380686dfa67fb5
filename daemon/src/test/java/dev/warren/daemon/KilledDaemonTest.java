package dev.warren.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.protocol.UuidV7;
import dev.warren.protocol.daemon.ProcessStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The daemon's program is killed (SIGKILL) again and again while commands start, run and end.
class KilledDaemonTest {
  private static final int KILLS = 10;
  private static final int COMMANDS = 120;
  private static final Duration DEADLINE = Duration.ofSeconds(120);

  @TempDir Path folder;

  /// A command that appends its number to the shared file, and what it should end with.
  private record Numbered(int number, UUID id) {
    ProcessStart start(Path file) {
      String command =
          "echo %d >> %s; echo out%d; sleep 0.%d; exit %d"
              .formatted(number, file, number, number % 9, number % 7);
      return new ProcessStart(id, command, Optional.empty(), Optional.empty());
    }
  }

  @Test
  void noCommandRunsTwiceAndEachOutcomeIsHonest() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    Path effects = folder.resolve("effects");
    Caller caller = SocketDaemon.caller(folder);
    ConcurrentLinkedQueue<Numbered> todo = new ConcurrentLinkedQueue<>();
    List<Numbered> all = new ArrayList<>();
    for (int i = 0; i < COMMANDS; i++) {
      all.add(new Numbered(i, UuidV7.next()));
    }
    todo.addAll(all);
    Instant deadline = Instant.now().plus(DEADLINE);
    Process daemon = startDaemon();
    try {
      List<Thread> starters = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        starters.add(Thread.ofVirtual().start(() -> startAll(caller, todo, effects, deadline)));
      }
      for (int kill = 0; kill < KILLS; kill++) {
        // What is drawn is the moment of the kill, not a wait for something.
        daemon.waitFor(150 + random.nextInt(900), java.util.concurrent.TimeUnit.MILLISECONDS);
        daemon.destroyForcibly().waitFor();
        daemon = startDaemon();
      }
      for (Thread starter : starters) {
        starter.join();
      }
      Map<String, Integer> statuses = new HashMap<>();
      for (Numbered command : all) {
        JsonNode output = awaitEnd(caller, command.id(), deadline);
        String status = output.get("process").get("status").asString();
        statuses.merge(status, 1, Integer::sum);
        if (status.equals("exited")) {
          assertThat(output.get("process").get("exit_code").asInt())
              .isEqualTo(command.number() % 7);
          assertThat(output.get("head").asString()).isEqualTo("out" + command.number() + "\n");
        }
      }
      System.out.println(KILLS + " kills, " + COMMANDS + " commands: " + statuses);
      List<String> lines = Files.readAllLines(effects);
      assertThat(lines).doesNotHaveDuplicates();
      assertThat(statuses.getOrDefault("exited", 0))
          .as("only the daemon was killed, no wrapper")
          .isEqualTo(COMMANDS);
      assertThat(lines).hasSize(COMMANDS);
    } finally {
      daemon.destroyForcibly().waitFor();
    }
  }

  private static void startAll(
      Caller caller, ConcurrentLinkedQueue<Numbered> todo, Path effects, Instant deadline) {
    for (Numbered next = todo.poll(); next != null; next = todo.poll()) {
      boolean accepted = false;
      while (!accepted && Instant.now().isBefore(deadline)) {
        try {
          accepted = caller.post("/v1/processes", next.id(), next.start(effects)).status() == 200;
        } catch (IOException dead) {
          Thread.onSpinWait(); // asked again with the same id
        }
      }
    }
  }

  private static JsonNode awaitEnd(Caller caller, UUID id, Instant deadline) {
    while (Instant.now().isBefore(deadline)) {
      try {
        Caller.Answer answer = caller.get("/v1/processes/" + id + "/output?wait_ms=5000");
        if (answer.status() == 200
            && !answer.json().get("process").get("status").asString().equals("running")) {
          return answer.json();
        }
      } catch (IOException dead) {
        Thread.onSpinWait();
      }
    }
    throw new AssertionError("process " + id + " did not end in time");
  }

  private Process startDaemon() throws IOException {
    return SocketDaemon.program(folder);
  }
}
