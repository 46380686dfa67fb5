package dev.warren.bench;

import dev.warren.bench.chaos.Chaos;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Runs chaos seeds, a line each, and says how to run one again that showed a fault.
final class ChaosBench implements Benchmark {
  private final long first;
  private final int count;

  /// @param first seed, of so many
  ChaosBench(long first, int count) {
    this.first = first;
    this.count = count;
  }

  @Override
  public String name() {
    return "chaos";
  }

  @Override
  public void run(Path folder) {
    List<Long> failed = new ArrayList<>();
    try (Chaos chaos = new Chaos(folder)) {
      for (long seed = first; seed < first + count; seed++) {
        Chaos.Outcome outcome = chaos.run(seed);
        System.out.printf(
            "seed %d: %s; broken %s; chats %s; %d commands (%d outcomes unknown); %d deltas over %d"
                + " connections; at rest after %d ms%n",
            seed,
            outcome.faults().isEmpty() ? "well" : outcome.faults().size() + " FAULTS",
            outcome.blows(),
            outcome.ended(),
            outcome.commands(),
            outcome.unknown(),
            outcome.deltas(),
            outcome.connections(),
            outcome.rest().toMillis());
        outcome.faults().forEach(fault -> System.out.println("  " + fault));
        if (!outcome.faults().isEmpty()) {
          failed.add(seed);
        }
      }
    }
    System.out.printf("%d seeds, %d with faults%n", count, failed.size());
    failed.forEach(
        seed -> System.out.printf("again: ./warren bench chaos --first-seed %d --seeds 1%n", seed));
  }
}
