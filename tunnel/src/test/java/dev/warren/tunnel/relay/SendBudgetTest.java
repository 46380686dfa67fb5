package dev.warren.tunnel.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class SendBudgetTest {
  private static final long SECOND = 1_000_000_000;
  private static final long RATE = 1_000_000;

  private final SendBudget budget = new SendBudget(RATE, 0);

  @Test
  void aSteadySenderAtTheRateOwesNothing() {
    for (int ms = 1; ms <= 10_000; ms++) {
      budget.sent(RATE / 1000);
      assertThat(budget.debt(ms * SECOND / 1000)).isZero();
    }
  }

  @Test
  void whoSendsMoreWaitsAsLongAsTheRestTakes() {
    budget.sent(RATE / 2);
    assertThat(budget.debt(0)).isBetween(Duration.ofMillis(250), Duration.ofMillis(251));
    assertThat(budget.debt(SECOND / 5)).isBetween(Duration.ofMillis(50), Duration.ofMillis(51));
    assertThat(budget.debt(SECOND)).isZero();
  }

  @Test
  void whatCameToNothingCostsSixteenfold() {
    budget.wasted(RATE / 32);
    assertThat(budget.debt(0)).isBetween(Duration.ofMillis(250), Duration.ofMillis(251));
  }

  @Test
  void whatIsSentForLongWithoutAnAnswerCostsAsMuch() {
    SendBudget fast = new SendBudget(1_000_000_000, 0);
    fast.sent(SendBudget.UNANSWERED_BYTES);
    assertThat(fast.debt(0)).isZero();
    fast.sent(16_000_000);
    assertThat(fast.debt(0)).isPositive();
    assertThat(fast.debt(SECOND)).isZero();
    fast.answered();
    fast.sent(16_000_000);
    assertThat(fast.debt(SECOND)).isZero();
  }

  @Test
  void aDebtIsPaidWithinAQuarterOfASecondHoweverMuchItWas() {
    budget.wasted(Long.MAX_VALUE / 32);
    assertThat(budget.debt(0)).isLessThan(Duration.ofMillis(251));
    assertThat(budget.debt(SECOND / 4 + 1)).isZero();
  }

  @Test
  void aClockThatStandsOrGoesBackGivesNothing() {
    budget.sent(RATE);
    Duration owed = budget.debt(SECOND / 10);
    assertThat(budget.debt(SECOND / 10)).isEqualTo(owed);
    assertThat(budget.debt(0)).isEqualTo(owed);
  }
}
