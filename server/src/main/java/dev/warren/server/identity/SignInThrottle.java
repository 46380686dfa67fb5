package dev.warren.server.identity;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Slows guessing: after [#FREE] failures under one name each further one doubles the wait, up to
/// [#WAIT_MAX]. Remembers a bounded number of names, the latest.
final class SignInThrottle {
  static final int FREE = 5;
  static final Duration WAIT_MAX = Duration.ofMinutes(15);
  static final int NAMES_MAX = 10_000;

  private final Clock clock;

  @GuardedBy("failures")
  private final LinkedHashMap<String, Failures> failures =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
          return size() > NAMES_MAX;
        }
      };

  SignInThrottle(Clock clock) {
    this.clock = clock;
  }

  private record Failures(int count, Instant until) {}

  /// How long to wait before the next try, when there is a wait.
  Optional<Duration> waitFor(String name) {
    Instant now = clock.instant();
    synchronized (failures) {
      Failures known = failures.get(name);
      if (known == null || !known.until().isAfter(now)) {
        return Optional.empty();
      }
      return Optional.of(Duration.between(now, known.until()));
    }
  }

  void failed(String name) {
    Instant now = clock.instant();
    synchronized (failures) {
      Failures known = failures.get(name);
      int count = known == null ? 1 : known.count() + 1;
      Duration wait =
          count < FREE ? Duration.ZERO : Duration.ofSeconds(1L << Math.min(count - FREE, 10));
      failures.put(
          name, new Failures(count, now.plus(wait.compareTo(WAIT_MAX) > 0 ? WAIT_MAX : wait)));
    }
  }

  void succeeded(String name) {
    synchronized (failures) {
      failures.remove(name);
    }
  }
}
