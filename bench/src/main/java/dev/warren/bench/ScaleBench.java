package dev.warren.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// One control plane with a thousand chats that stream and two thousand that wait for their users,
/// beside nginx with the same streams; and what a chat of each kind holds of the heap.
final class ScaleBench implements Benchmark {
  private static final int STREAMING = 1_000;
  private static final int WAITING = 2_000;
  private static final Duration WINDOW = Duration.ofSeconds(15);

  /// A chat that came to rest has let go of everything by then.
  private static final Duration SETTLE = Duration.ofSeconds(10);

  @Override
  public String name() {
    return "scale";
  }

  @Override
  public void run(Path folder) {
    try (ScriptedProcess model = new ScriptedProcess(folder, StreamBench.script());
        Nginx nginx = new Nginx(folder, model.port());
        Warren warren = new Warren(folder)) {
      warren.useModel(model.url());
      List<StreamWay> ways = StreamWay.all(model, nginx, warren);
      StreamBench.warmUp(ways);
      Program.pause(SETTLE);
      double empty = warren.heapKib();
      for (int i = 0; i < WAITING; i++) {
        warren.chat("idle " + i);
      }
      warren.awaitRest();
      Program.pause(SETTLE);
      double waiting = warren.heapKib();
      Table heap = new Table("Heap of the control plane after a collection", "chats", "KiB each");
      heap.row(WAITING + " waiting", Table.number((waiting - empty) / WAITING));
      new PacedStreams(STREAMING, StreamBench.EVENTS_PER_SECOND, WINDOW)
          .measure(
              ways,
              warren,
              () ->
                  heap.row(
                      STREAMING + " streaming, a subscriber each",
                      Table.number((warren.heapKib() - waiting) / STREAMING)));
      heap.print(System.out);
    }
  }
}
