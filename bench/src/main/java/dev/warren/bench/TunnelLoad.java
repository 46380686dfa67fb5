package dev.warren.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/// Measures one transport from its near end and prints what it finds, a `name value` a line, to the
/// benchmark that started it.
final class TunnelLoad {
  private static final long BULK_BYTES = 192L * 1024 * 1024;
  private static final int REPETITIONS = 3;
  private static final int EXCHANGES = 3000;
  private static final int CALLERS = 64;
  private static final int SET_UPS = 40;

  /// One logical connection.
  interface Link extends AutoCloseable {
    InputStream input() throws IOException;

    OutputStream output() throws IOException;

    @Override
    void close() throws IOException;
  }

  /// The transport.
  interface Transport {
    /// On what stands already, where the transport has such a thing.
    Link open() throws Exception;

    /// From nothing: handshake included.
    Link dial() throws Exception;
  }

  private interface Work {
    Object run() throws Exception;
  }

  private final Transport transport;
  private final List<Long> pids;

  /// @param pids the other processes whose CPU counts
  TunnelLoad(Transport transport, List<Long> pids) {
    this.transport = transport;
    this.pids =
        Stream.concat(pids.stream(), Stream.of(ProcessHandle.current().pid())).distinct().toList();
  }

  void run() throws Exception {
    bulk(1, true);
    bulk(8, false);
    exchanges(EXCHANGES);
    print("down1", median(() -> bulk(1, true)));
    long cpu = ProcStat.cpuMicros(pids);
    bulk(1, true);
    print("cpu_s_per_gb", (ProcStat.cpuMicros(pids) - cpu) / 1e6 / (BULK_BYTES / 1e9));
    print("up1", median(() -> bulk(1, false)));
    print("down8", median(() -> bulk(8, true)));
    print("up8", median(() -> bulk(8, false)));
    print("alone", exchanges(EXCHANGES));
    print("many", concurrent());
    print("beside", besideBulk());
    print("dial", dials());
  }

  private static void print(String name, double value) {
    System.out.printf(java.util.Locale.ROOT, "%s %.3f%n", name, value);
  }

  /// Prints the median and the 99th percentile of times in ns, as microseconds.
  private static void print(String name, long[] nanos) {
    Arrays.sort(nanos);
    print(name + "_p50_us", nanos[nanos.length / 2] / 1e3);
    print(name + "_p99_us", nanos[nanos.length * 99 / 100] / 1e3);
  }

  private static double median(java.util.concurrent.Callable<Double> measure) throws Exception {
    double[] values = new double[REPETITIONS];
    for (int i = 0; i < REPETITIONS; i++) {
      values[i] = measure.call();
    }
    Arrays.sort(values);
    return values[REPETITIONS / 2];
  }

  /// MB a second, all streams together.
  private double bulk(int streams, boolean down) throws Exception {
    long each = BULK_BYTES / streams;
    long began = System.nanoTime();
    all(
        streams,
        () -> {
          try (Link stream = transport.open()) {
            if (down) {
              TunnelService.download(stream.input(), stream.output(), each);
            } else {
              TunnelService.upload(stream.input(), stream.output(), each);
            }
          }
          return each;
        });
    return each * streams / 1e6 / ((System.nanoTime() - began) / 1e9);
  }

  private long[] exchanges(int count) throws Exception {
    long[] nanos = new long[count];
    try (Link stream = transport.open()) {
      stream.output().write('E');
      for (int i = 0; i < count; i++) {
        long began = System.nanoTime();
        TunnelService.exchange(stream.input(), stream.output());
        nanos[i] = System.nanoTime() - began;
      }
    }
    return nanos;
  }

  private long[] concurrent() throws Exception {
    List<long[]> parts = new ArrayList<>();
    for (Object part : all(CALLERS, () -> exchanges(EXCHANGES / 10))) {
      parts.add((long[]) part);
    }
    return parts.stream().flatMapToLong(Arrays::stream).toArray();
  }

  private long[] besideBulk() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> bulk =
          executor.submit(() -> {
            while (!stop.get()) {
              bulk(1, true);
            }
            return null;
          });
      try {
        return exchanges(EXCHANGES / 3);
      } finally {
        stop.set(true);
        bulk.get();
      }
    }
  }

  /// Set-up with the first block's answer.
  private long[] dials() throws Exception {
    long[] nanos = new long[SET_UPS];
    for (int i = 0; i < SET_UPS; i++) {
      long began = System.nanoTime();
      try (Link stream = transport.dial()) {
        stream.output().write('E');
        TunnelService.exchange(stream.input(), stream.output());
        nanos[i] = System.nanoTime() - began;
      }
    }
    return nanos;
  }

  private static List<Object> all(int count, Work work) throws Exception {
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Object>> futures = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        futures.add(executor.submit(work::run));
      }
      List<Object> results = new ArrayList<>();
      for (Future<Object> future : futures) {
        results.add(future.get());
      }
      return results;
    } catch (ExecutionException e) {
      throw new IOException("a part of the load failed", e.getCause());
    }
  }
}
