package dev.warren.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.bench.chaos.LateOwner;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A control plane that stands still past its lease, during a command, and wakes up.
final class LateOwnerTest {
  @TempDir private Path folder;

  @Test
  void anOwnerThatWakesUpLateRunsNothingAgainAndCommitsNothing() {
    try (LateOwner scene = new LateOwner(folder)) {
      LateOwner.Outcome outcome = scene.run();
      assertThat(outcome.ran()).containsExactly("clate-1");
      assertThat(outcome.roles()).containsExactly("user", "assistant", "tool", "assistant");
      assertThat(outcome.status()).isEqualTo("waiting");
      assertThat(outcome.version()).isEqualTo(outcome.versionTakenOver());
      assertThat(outcome.next()).isEqualTo("waiting");
    }
  }
}
