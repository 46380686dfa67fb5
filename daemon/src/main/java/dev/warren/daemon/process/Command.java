package dev.warren.daemon.process;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.daemon.os.Libc;
import dev.warren.daemon.os.ProcessTree;
import dev.warren.protocol.daemon.ProcessOutput;
import dev.warren.protocol.daemon.ProcessState;
import dev.warren.protocol.daemon.ProcessState.Status;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// One command that was accepted.
final class Command {
  /// How often a waiting reader looks for output: while bytes came within the last second, and
  /// otherwise.
  private static final long BUSY_LOOK_MS = 10;

  private static final long IDLE_LOOK_MS = 50;

  private final CommandFolder folder;
  private final CommandFolder.Intent intent;
  private final OutputFile output;
  private final Optional<Cgroup> cgroup;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private Status status = Status.RUNNING;

  @GuardedBy("lock")
  private Optional<Instant> endedAt = Optional.empty();

  @GuardedBy("lock")
  private Optional<Integer> exitCode = Optional.empty();

  Command(CommandFolder folder, CommandFolder.Intent intent, Optional<Cgroup> cgroup) {
    this.folder = folder;
    this.intent = intent;
    this.cgroup = cgroup;
    this.output = new OutputFile(folder.output());
  }

  UUID id() {
    return intent.id();
  }

  CommandFolder folder() {
    return folder;
  }

  CommandFolder.Intent intent() {
    return intent;
  }

  OutputFile output() {
    return output;
  }

  boolean running() {
    synchronized (lock) {
      return status == Status.RUNNING;
    }
  }

  ProcessState state() {
    synchronized (lock) {
      return new ProcessState(
          intent.id(),
          intent.command(),
          intent.workdir(),
          status,
          exitCode,
          intent.acceptedAt(),
          endedAt,
          output.size(),
          output.file().toString());
    }
  }

  /// Takes the outcome from the disk, once the leader is gone.
  void settle() throws IOException {
    Optional<Integer> code = folder.exitCode();
    boolean killed = folder.killed();
    if (code.isEmpty()) {
      // Without its wrapper nobody can tell how it ends: what is left of it is ended.
      killTree(-1);
    }
    output.trim();
    folder.sync();
    synchronized (lock) {
      status = code.isPresent() ? Status.EXITED : killed ? Status.KILLED : Status.UNKNOWN;
      exitCode = code.or(() -> killed ? Optional.of(128 + Libc.SIGKILL) : Optional.empty());
      endedAt = Optional.of(folder.endedAt());
      lock.notifyAll();
    }
    cgroup.ifPresent(Cgroup::remove);
  }

  /// Waits until the command has ended, or has written more than `seenBytes`, or the time is over.
  void await(Optional<Long> seenBytes, long waitMs) throws InterruptedException {
    long deadline = System.nanoTime() + waitMs * 1_000_000;
    long lastSize = output.size();
    long lastGrowth = System.nanoTime() - 1_000_000_000L;
    while (true) {
      long size = output.size();
      long now = System.nanoTime();
      if (seenBytes.isPresent() && size > seenBytes.get()) {
        return;
      }
      if (size > lastSize) {
        lastSize = size;
        lastGrowth = now;
      }
      long leftMs = (deadline - now + 999_999) / 1_000_000;
      long lookMs =
          seenBytes.isEmpty()
              ? leftMs
              : now - lastGrowth < 1_000_000_000L ? BUSY_LOOK_MS : IDLE_LOOK_MS;
      synchronized (lock) {
        if (status != Status.RUNNING || leftMs <= 0) {
          return;
        }
        lock.wait(Math.max(1, Math.min(leftMs, lookMs)));
      }
    }
  }

  ProcessOutput excerpt() throws IOException {
    ProcessState state = state();
    OutputFile.Excerpt excerpt = output.excerpt(state.status() != Status.RUNNING);
    return new ProcessOutput(
        state, excerpt.head(), excerpt.omittedBytes(), excerpt.tail(), excerpt.notable());
  }

  /// Asks all processes of the command to end.
  void terminate() {
    tree(liveSession()).signal(Libc.SIGTERM);
  }

  /// Ends what the command left behind when it ended, such as a child that ignores SIGTERM.
  void killRest() {
    if (!tree(-1).members().isEmpty()) {
      killTree(-1);
    }
  }

  /// Ends all processes of the command.
  ///
  /// @return false when one of them could not be ended
  boolean kill() throws IOException {
    folder.markKilled();
    return killTree(liveSession());
  }

  private boolean killTree(int session) {
    cgroup.ifPresent(Cgroup::kill);
    return tree(session).kill();
  }

  private ProcessTree tree(int session) {
    return new ProcessTree(session, ChildEnvironment.marker(intent.id()));
  }

  /// The session while its leader lives; afterwards its number may be another's.
  private int liveSession() {
    return folder
        .leader()
        .filter(CommandFolder.Leader::alive)
        .map(CommandFolder.Leader::pid)
        .orElse(-1);
  }
}
