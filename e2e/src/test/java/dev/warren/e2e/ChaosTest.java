package dev.warren.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.bench.chaos.Chaos;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Five seeds of what `./warren bench chaos` runs any number of.
final class ChaosTest {
  @TempDir private static Path folder;
  private static Chaos chaos;

  @BeforeAll
  static void start() {
    chaos = new Chaos(folder);
  }

  @AfterAll
  static void stop() {
    chaos.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void nothingIsLostAndNothingRunsTwiceWhateverDies(long seed) {
    Chaos.Outcome outcome = chaos.run(seed);
    System.out.println(outcome);
    assertThat(outcome.faults())
        .as("again: ./warren bench chaos --first-seed %d --seeds 1", seed)
        .isEmpty();
    assertThat(outcome.commands()).as("commands that ran").isPositive();
    assertThat(outcome.deltas()).as("deltas that were seen").isPositive();
  }
}
