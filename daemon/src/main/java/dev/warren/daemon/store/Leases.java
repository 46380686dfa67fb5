package dev.warren.daemon.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.daemon.DaemonException;
import dev.warren.protocol.daemon.DaemonProblems;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/// The fence against owners that lost their chat: the highest lease seen of each, on disk before
/// the first effect under it.
public final class Leases {
  /// Chats remembered; a workspace with more is not one that people use.
  private static final int CHATS_MAX = 100_000;

  private final StateFolder state;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final Map<UUID, Long> highest = new HashMap<>();

  public Leases(StateFolder state) throws IOException {
    this.state = state;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(state.leases())) {
      for (Path file : files) {
        try {
          long number = Long.parseLong(Files.readString(file).strip());
          highest.put(UUID.fromString(file.getFileName().toString()), number);
        } catch (IllegalArgumentException halfWritten) {
          Files.delete(file);
        }
      }
    }
  }

  /// Lets the highest lease and newer ones pass.
  public void check(Lease lease) throws IOException {
    synchronized (lock) {
      long seen = highest.getOrDefault(lease.chat(), -1L);
      if (lease.number() < seen) {
        throw DaemonException.conflict(
            DaemonProblems.LEASE,
            "lease %d of chat %s: its owner with lease %d has been here"
                .formatted(lease.number(), lease.chat(), seen));
      }
      if (lease.number() == seen) {
        return;
      }
      if (seen < 0 && highest.size() >= CHATS_MAX) {
        throw new DaemonException(
            507, DaemonProblems.DISK_FULL, "Too many chats", "over " + CHATS_MAX + " chats");
      }
      // Under the lock on purpose: two owners must not pass in the wrong order.
      Durable.replace(
          state.leases().resolve(lease.chat().toString()),
          (lease.number() + "\n").getBytes(StandardCharsets.US_ASCII));
      highest.put(lease.chat(), lease.number());
    }
  }
}
