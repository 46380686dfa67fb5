package dev.warren.daemon.process;

import dev.warren.daemon.os.Child;
import dev.warren.daemon.os.Exits;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sees to it that each command's outcome is taken once its leader is gone.
final class CommandWatch {
  /// How long a wrapper may take from its lock to its pid.
  private static final long WRAPPER_MS = 5_000;

  /// A wrapper that found the lock taken.
  private static final int LOCK_WAS_TAKEN = 97;

  private static final Logger LOG = LoggerFactory.getLogger(CommandWatch.class);

  private final Exits exits;
  private volatile boolean closed;

  CommandWatch(Exits exits) {
    this.exits = exits;
  }

  /// Watches a command whose wrapper is our child.
  void started(Command command, Child wrapper) {
    Thread.ofVirtual()
        .name("wait-" + command.id())
        .start(() -> {
          try {
            boolean lostTheLock = wrapper.awaitExit().shellCode() == LOCK_WAS_TAKEN;
            if (lostTheLock && command.folder().exitCode().isEmpty()) {
              follow(command); // an earlier daemon's wrapper got there first
            } else {
              settle(command);
            }
          } catch (InterruptedException stopped) {
            LOG.debug("{} is watched no more", command.id());
          }
        });
  }

  /// Watches a command that is led by a process that is not known to be our child.
  void follow(Command command) {
    Thread.ofVirtual()
        .name("follow-" + command.id())
        .start(() -> {
          long deadline = System.nanoTime() + WRAPPER_MS * 1_000_000;
          Optional<CommandFolder.Leader> leader = command.folder().leader();
          while (leader.isEmpty()
              && command.folder().exitCode().isEmpty()
              && System.nanoTime() < deadline
              && !closed) {
            if (!pause(10)) {
              return;
            }
            leader = command.folder().leader();
          }
          if (leader.filter(CommandFolder.Leader::alive).isPresent()) {
            exits.watch(leader.get().pid(), () -> settle(command));
          } else if (!closed) {
            settle(command);
          }
        });
  }

  private void settle(Command command) {
    try {
      command.settle();
    } catch (IOException | RuntimeException failed) {
      LOG.warn("the outcome of {} cannot be read: {}", command.id(), failed.toString());
    }
  }

  private static boolean pause(long ms) {
    try {
      Thread.sleep(ms);
      return true;
    } catch (InterruptedException stopped) {
      return false;
    }
  }

  void close() {
    closed = true;
  }
}
