package dev.warren.e2e.kit;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Waits for a condition, with a deadline.
public final class Eventually {
  private static final long POLL_MS = 50;

  private static final CountDownLatch NEVER = new CountDownLatch(1);

  private Eventually() {}

  public static void holds(String what, Duration deadline, BooleanSupplier condition) {
    get(what, deadline, () -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty());
  }

  public static <T> T get(String what, Duration deadline, Supplier<Optional<T>> attempt) {
    Instant end = Instant.now().plus(deadline);
    while (true) {
      Optional<T> value = attempt.get();
      if (value.isPresent()) {
        return value.get();
      }
      if (Instant.now().isAfter(end)) {
        throw new AssertionError("not within " + deadline.toSeconds() + " s: " + what);
      }
      try {
        NEVER.await(POLL_MS, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted while waiting: " + what, e);
      }
    }
  }
}
