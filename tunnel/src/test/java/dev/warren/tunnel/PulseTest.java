package dev.warren.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.tunnel.Pulse.Due;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// In virtual time.
final class PulseTest {
  private long now = Duration.ofHours(1).toNanos();
  private final Pulse pulse = new Pulse(now);

  @Test
  void aRelayThatIsHeardIsLeftAlone() {
    for (int i = 0; i < 100; i++) {
      pulse.sent(now);
      pass(1_000);
      assertThat(pulse.due(now)).isEqualTo(Due.NOTHING);
      pulse.heard(now);
    }
  }

  @Test
  void silenceWithoutAnythingSentIsNoReasonToAsk() {
    pass(29_000);
    assertThat(pulse.due(now)).isEqualTo(Due.NOTHING);
    pass(1_500);
    assertThat(pulse.due(now)).isEqualTo(Due.CUT);
    assertThat(pulse.silentSeconds(now)).isEqualTo(30);
  }

  @Test
  void whatIsSentAndNotAnsweredIsAskedForThenCut() {
    pulse.sent(now);
    pass(2_900);
    pulse.sent(now);
    assertThat(pulse.due(now)).isEqualTo(Due.NOTHING);
    pass(100);
    assertThat(pulse.due(now)).isEqualTo(Due.PING);
    pass(2_900);
    assertThat(pulse.due(now)).isEqualTo(Due.NOTHING);
    pass(100);
    assertThat(pulse.due(now)).isEqualTo(Due.CUT);
  }

  @Test
  void aSuspectedRelayIsAskedAtOnceAndStaysWhenItAnswers() {
    pulse.suspect();
    assertThat(pulse.due(now)).isEqualTo(Due.PING);
    assertThat(pulse.due(now)).isEqualTo(Due.NOTHING);
    pass(2_000);
    pulse.heard(now);
    pass(20_000);
    assertThat(pulse.due(now)).isEqualTo(Due.NOTHING);
  }

  private void pass(long ms) {
    now += Duration.ofMillis(ms).toNanos();
  }
}
