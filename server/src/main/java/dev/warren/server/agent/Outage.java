package dev.warren.server.agent;

import dev.warren.server.db.DatabaseException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A run's patience with a database that cannot be reached: what has to be written is tried again
/// until it is, or until the run must let go of its chat because others may have taken it over. A
/// late write does no harm: it is fenced by the lease.
final class Outage {
  /// Between two tries.
  static final Duration PAUSE = Duration.ofMillis(200);

  private static final Logger log = LoggerFactory.getLogger(Outage.class);

  private Outage() {}

  /// @param done what an earlier try has written, whose answer was lost
  static <T> T outlast(
      Supplier<T> write, Supplier<Optional<T>> done, Supplier<Optional<StopReason>> stop) {
    boolean again = false;
    while (true) {
      try {
        return again ? done.get().orElseGet(write) : write.get();
      } catch (DatabaseException e) {
        if (stop.get().equals(Optional.of(StopReason.LOST))) {
          throw e;
        }
        log.info("the database cannot be reached; trying again: {}", e.toString());
        again = true;
        pause();
      }
    }
  }

  static void pause() {
    try {
      TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
    } catch (InterruptedException e) {
      throw new IllegalStateException("a run's own thread was interrupted", e);
    }
  }
}
