package dev.warren.server.db;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running PostgreSQL server, as the `postmaster.pid` of its data folder describes it.
///
/// @param status `starting`, `ready`, `stopping` or empty
record Postmaster(long pid, int port, String status) {
  /// The longest wait for what should end at once.
  private static final Duration AT_ONCE_MAX = Duration.ofSeconds(3);

  private static final Logger log = LoggerFactory.getLogger(Postmaster.class);

  /// The server whose data folder this is, when it is alive.
  static Optional<Postmaster> find(Path data) {
    Path file = data.resolve("postmaster.pid");
    List<String> lines;
    try {
      lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      log.debug("{} is being written", file, e);
      return Optional.empty();
    }
    // Line 1 pid, 2 data folder, 3 start time, 4 port, …, 8 status (PostgreSQL's miscinit.h).
    if (lines.size() < 4) {
      return Optional.empty();
    }
    long pid = Long.parseLong(lines.get(0).strip());
    if (!serves(pid, data)) {
      return Optional.empty();
    }
    String status = lines.size() < 8 ? "" : lines.get(7).strip();
    return Optional.of(new Postmaster(pid, Integer.parseInt(lines.get(3).strip()), status));
  }

  /// Whether the process is a PostgreSQL of this data folder, and not one that got its number.
  private static boolean serves(long pid, Path data) {
    try {
      String command = Files.readString(Path.of("/proc/" + pid + "/cmdline")).replace('\0', ' ');
      return command.contains("postgres") && command.contains(data.toString());
    } catch (IOException e) {
      return !Files.exists(Path.of("/proc/self"))
          && ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }
  }

  boolean isReady() {
    return status.equals("ready");
  }

  /// Ends it: first cleanly, after `patience` at once (it recovers at its next start).
  void stop(Duration patience) throws InterruptedException {
    ProcessHandle process = ProcessHandle.of(pid).orElse(null);
    if (process == null) {
      return;
    }
    signal("INT");
    if (ended(process, patience)) {
      return;
    }
    log.warn("PostgreSQL, process {}, did not stop in {}: ending it at once", pid, patience);
    signal("QUIT");
    if (!ended(process, AT_ONCE_MAX)) {
      signal("CONT");
      signal("KILL");
      if (!ended(process, AT_ONCE_MAX)) {
        log.error("PostgreSQL, process {}, cannot be ended", pid);
      }
    }
  }

  private void signal(String name) throws InterruptedException {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(pid))
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      log.warn("cannot signal PostgreSQL, process {}", pid, e);
    }
  }

  private static boolean ended(ProcessHandle process, Duration patience)
      throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (process.isAlive()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
    return true;
  }
}
