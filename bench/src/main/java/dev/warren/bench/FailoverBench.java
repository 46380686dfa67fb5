package dev.warren.bench;

import dev.warren.bench.chaos.Failover;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// How long the text of an answer stands still when the replica that writes it is killed, or
/// stopped.
final class FailoverBench implements Benchmark {
  private final int times;

  FailoverBench(int times) {
    this.times = times;
  }

  @Override
  public String name() {
    return "failover";
  }

  @Override
  public void run(Path folder) {
    try (Failover failover = new Failover(folder)) {
      print("kill -9", failover.run(times, false));
      print("clean stop", failover.run(Math.max(1, times / 5), true));
    }
  }

  private static void print(String how, List<Duration> waits) {
    List<Long> sorted = waits.stream().map(Duration::toMillis).sorted().toList();
    System.out.printf(
        "%s, %d times: another replica streams again after %d ms (median), %d ms (worst), %d ms"
            + " (best)%n",
        how, sorted.size(), sorted.get(sorted.size() / 2), sorted.getLast(), sorted.getFirst());
  }
}
