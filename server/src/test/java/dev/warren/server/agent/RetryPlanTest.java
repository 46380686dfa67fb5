package dev.warren.server.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.llm.ProviderException;
import dev.warren.llm.ProviderException.Kind;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RetryPlanTest {
  private final RetryPlan plan = new RetryPlan(new Random(1));

  private static ProviderException failure(Kind kind, Optional<Duration> retryAfter) {
    return new ProviderException(kind, 529, retryAfter, "The provider is busy.");
  }

  private static ProviderException busy() {
    return failure(Kind.OVERLOADED, Optional.empty());
  }

  @Test
  void pausesGrowUpToTheirLimitAndEndAfterTheLastAttempt() {
    Duration total = Duration.ZERO;
    for (int attempt = 1; attempt < RetryPlan.ATTEMPTS_MAX; attempt++) {
      Duration pause = plan.pause(attempt, busy()).orElseThrow();
      long ceilingMs =
          Math.min(RetryPlan.PAUSE_MAX.toMillis(), RetryPlan.PAUSE_MIN.toMillis() << (attempt - 1));
      assertThat(pause).isBetween(Duration.ofMillis(ceilingMs / 2), Duration.ofMillis(ceilingMs));
      total = total.plus(pause);
    }
    assertThat(plan.pause(RetryPlan.ATTEMPTS_MAX, busy())).isEmpty();
    assertThat(total).isLessThan(Duration.ofMinutes(2));
  }

  @Test
  void aProviderIsAskedAgainWhenItSaysAndAnHourIsARefusal() {
    Optional<Duration> soon = Optional.of(Duration.ofSeconds(7));
    assertThat(plan.pause(1, failure(Kind.RATE_LIMIT, soon))).isEqualTo(soon);
    ProviderException later = failure(Kind.RATE_LIMIT, Optional.of(Duration.ofHours(1)));
    assertThat(plan.pause(1, later)).isEmpty();
    assertThat(ModelAnswer.message(later))
        .isEqualTo(
            "The provider is busy. It asks to wait 60 minutes: send a message then, or choose"
                + " another model now.");
    assertThat(ModelAnswer.message(busy())).isEqualTo("The provider is busy.");
  }

  @Test
  void whatCannotSucceedIsNotRepeated() {
    assertThat(plan.pause(1, failure(Kind.AUTH, Optional.empty()))).isEmpty();
    assertThat(plan.pause(1, failure(Kind.CONTEXT_TOO_LONG, Optional.of(Duration.ZERO)))).isEmpty();
  }
}
