package dev.warren.server.agent;

import dev.warren.llm.ProviderException;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// When to ask a provider again after a failure: with growing pauses, or after as long as it asks
/// for, and not for ever.
final class RetryPlan {
  /// Attempts of one step, the first included.
  static final int ATTEMPTS_MAX = 8;

  /// The first pause; each one after it is twice as long.
  static final Duration PAUSE_MIN = Duration.ofMillis(500);

  static final Duration PAUSE_MAX = Duration.ofSeconds(30);

  /// A provider that asks for a longer pause has in fact refused.
  static final Duration RETRY_AFTER_MAX = Duration.ofMinutes(2);

  private final RandomGenerator random;

  RetryPlan(RandomGenerator random) {
    this.random = random;
  }

  /// How long to wait before the next attempt.
  ///
  /// @param attempt the one that failed, from 1
  /// @return empty when there shall be none
  Optional<Duration> pause(int attempt, ProviderException failure) {
    if (!failure.retryable() || attempt >= ATTEMPTS_MAX) {
      return Optional.empty();
    }
    if (failure.retryAfter().isPresent()) {
      Duration asked = failure.retryAfter().get();
      return asked.compareTo(RETRY_AFTER_MAX) > 0 ? Optional.empty() : Optional.of(asked);
    }
    long ceilingMs =
        Math.min(PAUSE_MAX.toMillis(), PAUSE_MIN.toMillis() << Math.min(attempt - 1, 16));
    return Optional.of(Duration.ofMillis(ceilingMs / 2 + random.nextLong(ceilingMs / 2 + 1)));
  }
}
