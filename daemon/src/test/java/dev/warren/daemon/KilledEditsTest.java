package dev.warren.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.protocol.UuidV7;
import dev.warren.protocol.daemon.FileEdits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random batches of edits and writes on a tree, against a reference, while the daemon's program is
/// killed (SIGKILL) again and again. A file's lines all say the same version, so that a
/// half-written one is seen.
class KilledEditsTest {
  private static final int FILES = 12;
  private static final int LINES = 400;
  private static final int BATCHES = 100;
  private static final int KILL_EVERY = 10;
  private static final Duration DEADLINE = Duration.ofMinutes(5);

  @TempDir Path folder;
  private final Map<Path, String> reference = new HashMap<>();
  private final List<Path> files = new ArrayList<>();
  private int version;

  @Test
  void noFileIsHalfWrittenAndAFailedBatchLeavesAllAsItWas() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    Caller caller = SocketDaemon.caller(folder);
    Path tree = Files.createDirectories(folder.resolve("home/tree"));
    for (int i = 0; i < FILES; i++) {
      Path file = Files.createDirectories(tree.resolve("d" + i % 3)).resolve("f" + i + ".txt");
      files.add(file);
      reference.put(file, content(0));
      Files.writeString(file, content(0));
    }
    Instant deadline = Instant.now().plus(DEADLINE);
    Process daemon = startDaemon();
    int applied = 0;
    int refused = 0;
    try {
      for (int batch = 0; batch < BATCHES; batch++) {
        boolean killed = batch % KILL_EVERY == KILL_EVERY - 1;
        Process running = daemon;
        Thread killer =
            Thread.ofVirtual()
                .unstarted(() -> {
                  try {
                    // What is drawn is the moment of the kill, not a wait for something.
                    running.waitFor(random.nextInt(4_000), TimeUnit.MICROSECONDS);
                  } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                  }
                  running.destroyForcibly();
                });
        Batch next = batch(random);
        UUID id = UuidV7.next();
        if (killed) {
          killer.start();
          attempt(caller, id, next); // may break, before or after it was decided
          killer.join();
          running.waitFor();
          assertWhole();
          daemon = startDaemon();
        }
        int status = answered(caller, id, next, deadline);
        if (status == 200) {
          applied++;
          reference.putAll(next.after);
        } else {
          refused++;
          assertThat(status).as("batch %d", batch).isBetween(400, 499);
        }
        assertThat(status == 200).as("batch %d", batch).isEqualTo(next.good);
        assertThat(tree()).as("batch %d", batch).isEqualTo(reference);
      }
    } finally {
      daemon.destroyForcibly().waitFor();
    }
    System.out.println(
        BATCHES / KILL_EVERY + " kills, " + applied + " applied, " + refused + " refused");
    assertThat(refused).isPositive();
    try (var left = Files.walk(tree)) {
      assertThat(left.filter(Files::isRegularFile)).as("no sibling stays").hasSize(FILES);
    }
  }

  /// A request, and what it makes of files if it is good.
  private record Batch(FileEdits edits, Map<Path, String> after, boolean good) {}

  private Batch batch(Random random) {
    int old = version;
    List<FileEdits.Edit> edits = new ArrayList<>();
    Map<Path, String> after = new HashMap<>();
    boolean good = random.nextInt(4) != 0;
    version++;
    int count = 1 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      Path file = files.get(random.nextInt(FILES));
      if (after.containsKey(file)) {
        continue;
      }
      String before = reference.get(file).lines().findFirst().orElseThrow();
      after.put(file, content(version));
      edits.add(
          new FileEdits.Edit(
              file.toString(),
              before,
              content(version).lines().findFirst().orElseThrow(),
              Optional.of(true)));
    }
    if (!good) {
      int at = random.nextInt(edits.size() + 1);
      String file = files.get(random.nextInt(FILES)).toString();
      edits.add(at, new FileEdits.Edit(file, "is not there at all " + old, "x", Optional.empty()));
    }
    return new Batch(new FileEdits(edits), after, good);
  }

  private static String content(int version) {
    return ("line of version " + version + ";\n").repeat(LINES);
  }

  private static void attempt(Caller caller, UUID id, Batch batch) {
    try {
      caller.post("/v1/files/edits", id, batch.edits);
    } catch (IOException dead) {
      assertThat(dead).isNotNull(); // asked again with the same id
    }
  }

  private static int answered(Caller caller, UUID id, Batch batch, Instant deadline) {
    while (Instant.now().isBefore(deadline)) {
      try {
        return caller.post("/v1/files/edits", id, batch.edits).status();
      } catch (IOException notYet) {
        Thread.onSpinWait();
      }
    }
    throw new AssertionError("no answer in time");
  }

  /// With the daemon dead: each file is the one or the other whole.
  private void assertWhole() throws IOException {
    for (Map.Entry<Path, String> file : tree().entrySet()) {
      assertThat(file.getValue().lines().distinct()).as("%s", file.getKey()).hasSize(1);
      assertThat(file.getValue().lines().count()).isEqualTo(LINES);
    }
  }

  private Map<Path, String> tree() throws IOException {
    Map<Path, String> tree = new HashMap<>();
    for (Path file : files) {
      tree.put(file, Files.readString(file, StandardCharsets.UTF_8));
    }
    return tree;
  }

  private Process startDaemon() throws IOException {
    return SocketDaemon.program(folder);
  }
}
