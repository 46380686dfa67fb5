package dev.warren.daemon.store;

import dev.warren.daemon.DaemonException;
import dev.warren.protocol.UuidV7;
import dev.warren.protocol.daemon.DaemonProblems;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;

/// The time before which outcomes are forgotten. An id that is older is refused, because the store
/// could not tell that its effect was taken already.
public final class Horizon {
  /// How long an outcome is kept.
  public static final Duration RETENTION = Duration.ofDays(7);

  private final Clock clock;
  private final Path file;
  private volatile long floorMs;

  public Horizon(StateFolder state, Clock clock) throws IOException {
    this.clock = clock;
    this.file = state.root().resolve("horizon");
    if (Files.exists(file)) {
      String text = Files.readString(file).strip();
      floorMs = text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
    }
  }

  /// Refuses an id from before the horizon, and one that carries no time.
  public void check(UUID id) {
    if (id.version() != 7 || id.variant() != 2) {
      throw DaemonException.badInput("id", "a UUID of version 7, not " + id);
    }
    if (UuidV7.unixMs(id) < earliestMs()) {
      throw new DaemonException(
          410,
          DaemonProblems.EXPIRED,
          "Expired",
          "id %s is older than what this store remembers (%d days)"
              .formatted(id, RETENTION.toDays()));
    }
  }

  /// Ids of before this Unix time in milliseconds are refused, so their outcomes may go.
  public long earliestMs() {
    return Math.max(floorMs, clock.millis() - RETENTION.toMillis());
  }

  /// Moves the horizon past an id whose outcome has to go early.
  public void raisePast(UUID id) throws IOException {
    long past = UuidV7.unixMs(id) + 1;
    if (past > floorMs) {
      Durable.replace(file, (past + "\n").getBytes(StandardCharsets.US_ASCII));
      floorMs = past;
    }
  }
}
