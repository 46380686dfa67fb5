package dev.warren.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.warren.llm.Message;
import dev.warren.llm.ModelRequest;
import dev.warren.llm.Part;
import dev.warren.llm.Provider;
import dev.warren.llm.ProviderSettings;
import dev.warren.llm.Providers;
import dev.warren.llm.Secret;
import dev.warren.llm.StreamEvent;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.node.JsonNodeFactory;

/// One client of a provider under load, in a process of its own: prints what it measured, a name
/// and a number a line. `anthropic URL` and `openai URL` go through our adapters; an SDK's load
/// calls `run` with its own way to ask. The clients differ in nothing else.
public final class ModelLoad {
  static final int STREAMS = 1_000;
  static final int DELTAS = 200;
  static final int DELTAS_PER_SECOND = 20;
  static final int BLAST_STREAMS = 32;
  static final int BLAST_DELTAS = 4_000;

  /// Rounds of the fast streams before anything is measured: the JVM compiles meanwhile.
  private static final int WARM_UPS = 5;

  private static final Duration DEADLINE = Duration.ofMinutes(3);

  private final Asker asker;
  private final LongAdder deltas = new LongAdder();
  private final LongAdder failures = new LongAdder();

  private ModelLoad(Asker asker) {
    this.asker = asker;
  }

  /// Asks and blocks until the answer ends.
  public interface Asker {
    void ask(String prompt, Runnable onDelta) throws Exception;
  }

  public static void main(String[] args) throws Exception {
    URI url = URI.create(args[0].equals("anthropic") ? args[1] : args[1] + "/v1");
    ProviderSettings settings =
        new ProviderSettings(
            args[0],
            Optional.of(url),
            Optional.of(new Secret("key")),
            Map.of(),
            Duration.ofMinutes(5));
    try (Provider provider = Providers.create(settings)) {
      run((prompt, onDelta) ->
          provider.stream(
              request(prompt),
              event -> {
                if (event instanceof StreamEvent.Delta) {
                  onDelta.run();
                }
              }));
    }
  }

  private static ModelRequest request(String prompt) {
    return new ModelRequest(
        "scripted",
        "",
        List.of(),
        List.of(new Message(Message.Role.USER, List.of(Part.Text.of(prompt)))),
        Optional.of(1000),
        JsonNodeFactory.instance.objectNode(),
        "");
  }

  /// Measures and prints.
  public static void run(Asker asker) throws InterruptedException {
    ModelLoad load = new ModelLoad(asker);
    for (int i = 0; i < WARM_UPS; i++) {
      load.whole("blast", BLAST_STREAMS);
    }
    load.hold(false);
    print("blast_us_per_delta", load.whole("blast", BLAST_STREAMS));
    print("paced_us_per_delta", load.whole("paced", STREAMS));
    load.hold(true);
    print("failures", load.failures.doubleValue());
    System.out.println("done");
    System.exit(0);
  }

  private static void print(String name, double value) {
    System.out.println(name + " " + Math.round(value * 100) / 100.0);
  }

  private static double cpuMicros() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime()
        / 1e3;
  }

  /// Whole answers on so many streams; CPU of this process for each delta.
  private double whole(String prompt, int streams) throws InterruptedException {
    long before = deltas.sum();
    double cpu = cpuMicros();
    List<Thread> threads = start(prompt, streams);
    for (Thread thread : threads) {
      thread.join(DEADLINE);
    }
    return (cpuMicros() - cpu) / Math.max(1, deltas.sum() - before);
  }

  private List<Thread> start(String prompt, int streams) {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < streams; i++) {
      threads.add(Thread.ofVirtual().start(() -> ask(prompt)));
    }
    return threads;
  }

  private void ask(String prompt) {
    try {
      asker.ask(prompt, deltas::increment);
    } catch (Exception e) {
      if (!prompt.equals("hold")) {
        failures.increment();
      }
    }
  }

  /// Streams that have begun and say nothing: what each holds of the heap, the threads of the
  /// process, and how long an interrupted one takes until it has let go of its connection.
  private void hold(boolean measured) throws InterruptedException {
    double empty = heapKib();
    long before = deltas.sum();
    List<Thread> threads = start("hold", STREAMS);
    await(() -> deltas.sum() - before >= STREAMS);
    double full = heapKib();
    String[] tasks = new File("/proc/self/task").list();
    long[] tookNs = new long[threads.size()];
    for (int i = 0; i < tookNs.length; i++) {
      long began = System.nanoTime();
      threads.get(i).interrupt();
      threads.get(i).join(DEADLINE);
      tookNs[i] = System.nanoTime() - began;
    }
    Arrays.sort(tookNs);
    if (measured) {
      print("heap_kib_per_stream", (full - empty) / STREAMS);
      print("threads", tasks == null ? 0 : tasks.length);
      print("cancel_p50_ms", tookNs[tookNs.length / 2] / 1e6);
      print("cancel_p99_ms", tookNs[tookNs.length * 99 / 100] / 1e6);
    }
  }

  private static double heapKib() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(100);
    }
    Runtime runtime = Runtime.getRuntime();
    return (runtime.totalMemory() - runtime.freeMemory()) / 1024.0;
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + DEADLINE.toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() < end) {
      Thread.sleep(10);
    }
  }
}
