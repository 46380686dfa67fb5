package dev.warren.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// When a bundle is to blame for not being attached.
final class BundleTrialTest {
  private static final Duration MOST = BundleTrial.UNATTACHED_MAX.minusSeconds(1);

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
  private final AtomicBoolean answers = new AtomicBoolean(true);

  @TempDir Path folder;

  @Test
  void failsWhenTheControlPlaneAnswersAllTheTimeAndTheDaemonIsNotAttached() throws IOException {
    BundleTrial trial = begun();

    failsOnlyInTwoMinutes(trial);
  }

  @Test
  void countsAnewAfterTheControlPlaneDidNotAnswer() throws IOException {
    BundleTrial trial = begun();
    assertThat(trial.hasFailed()).isFalse();
    pass(MOST);

    answers.set(false);
    assertThat(trial.hasFailed()).isFalse();
    pass(Duration.ofHours(10));
    assertThat(trial.hasFailed()).isFalse();
    answers.set(true);
    failsOnlyInTwoMinutes(trial);
  }

  @Test
  void isOverOnceTheDaemonWasAttached() throws IOException {
    BundleTrial trial = begun();
    assertThat(trial.hasFailed()).isFalse();

    trial.end();

    assertThat(trial.lasts()).isFalse();
    pass(BundleTrial.UNATTACHED_MAX);
    assertThat(trial.hasFailed()).isFalse();
  }

  @Test
  void lastsOverARestartOfTheDaemon() throws IOException {
    begun();

    assertThat(trial().lasts()).isTrue();
    assertThat(folder.resolve("bundle.trial")).hasContent("new\nold");
  }

  private void failsOnlyInTwoMinutes(BundleTrial trial) {
    assertThat(trial.hasFailed()).isFalse();
    pass(MOST);
    assertThat(trial.hasFailed()).isFalse();
    pass(Duration.ofSeconds(1));
    assertThat(trial.hasFailed()).isTrue();
  }

  private BundleTrial begun() throws IOException {
    BundleTrial trial = trial();
    assertThat(trial.lasts()).isFalse();
    trial.begin("new", "old");
    return trial;
  }

  private BundleTrial trial() {
    return new BundleTrial(folder.resolve("bundle.trial"), answers::get, nanos::get);
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }
}
