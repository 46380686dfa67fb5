package dev.warren.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;

/// Readers of streams whose pieces carry the time at which they were sent, as `@NANOSECONDS `. Both
/// ends read the same monotonic clock. Each reader is a virtual thread on a bare socket.
final class Subscribers implements AutoCloseable {
  private static final Duration AWAIT_MAX = Duration.ofMinutes(2);

  /// Latencies that are kept, each of a sampled event.
  private static final int SAMPLES_MAX = 4_000_000;

  private final LongAdder events = new LongAdder();
  private final AtomicLong firstNanos = new AtomicLong(Long.MAX_VALUE);
  private final AtomicLong lastNanos = new AtomicLong(Long.MIN_VALUE);
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();
  private final AtomicInteger samples = new AtomicInteger();
  private final long[] latencyNanos = new long[SAMPLES_MAX];
  private final java.util.Set<Socket> sockets = java.util.concurrent.ConcurrentHashMap.newKeySet();
  private volatile boolean sampling;

  /// Sends a request and reads what comes until `end` occurs in it or the connection closes.
  ///
  /// @param marker what a line must contain for its stamps to count
  void add(int port, String request, String marker, String end) {
    Thread.ofVirtual()
        .start(() -> {
          try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            sockets.add(socket);
            socket.setTcpNoDelay(true);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            read(socket.getInputStream(), bytes(marker), bytes(end));
          } catch (IOException e) {
            // Closed at the end of the measurement.
          } finally {
            ended.incrementAndGet();
          }
        });
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void read(InputStream in, byte[] marker, byte[] end) throws IOException {
    byte[] buffer = new byte[64 * 1024];
    int kept = 0;
    boolean first = true;
    int count = in.read(buffer, 0, buffer.length);
    while (count >= 0) {
      int length = kept + count;
      int from = 0;
      for (int i = kept; i < length; i++) {
        if (buffer[i] == '\n') {
          int stamps = contains(buffer, from, i, marker) ? stamps(buffer, from, i) : 0;
          if (stamps > 0 && first) {
            first = false;
            begun.incrementAndGet();
          }
          if (contains(buffer, from, i, end)) {
            return;
          }
          from = i + 1;
        }
      }
      kept = length - from;
      System.arraycopy(buffer, from, buffer, 0, kept);
      if (kept == buffer.length) {
        kept = 0;
      }
      count = in.read(buffer, kept, buffer.length - kept);
    }
  }

  private int stamps(byte[] buffer, int from, int to) {
    int found = 0;
    for (int i = from; i < to; i++) {
      if (buffer[i] != '@') {
        continue;
      }
      long sent = 0;
      int digit = i + 1;
      for (; digit < to && buffer[digit] >= '0' && buffer[digit] <= '9'; digit++) {
        sent = sent * 10 + buffer[digit] - '0';
      }
      if (digit - i > 8) {
        found++;
        sample(System.nanoTime() - sent);
      }
    }
    if (found > 0) {
      events.add(found);
      firstNanos.accumulateAndGet(System.nanoTime(), Math::min);
      lastNanos.accumulateAndGet(System.nanoTime(), Math::max);
    }
    return found;
  }

  private void sample(long nanos) {
    if (sampling) {
      int index = samples.getAndIncrement();
      if (index < SAMPLES_MAX) {
        latencyNanos[index] = nanos;
      }
    }
  }

  private static boolean contains(byte[] buffer, int from, int to, byte[] wanted) {
    for (int i = from; i <= to - wanted.length; i++) {
      if (Arrays.equals(buffer, i, i + wanted.length, wanted, 0, wanted.length)) {
        return true;
      }
    }
    return false;
  }

  long events() {
    return events.sum();
  }

  /// From the first event that came to the last, in seconds.
  double seconds() {
    return (lastNanos.get() - firstNanos.get()) / 1e9;
  }

  /// Streams of which something has come.
  int begun() {
    return begun.get();
  }

  int ended() {
    return ended.get();
  }

  /// @throws IllegalStateException when it takes too long
  void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + AWAIT_MAX.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException(
            "%s did not come about in %s: %d begun, %d ended"
                .formatted(what, AWAIT_MAX, begun(), ended()));
      }
      Program.pause(Duration.ofMillis(5));
    }
  }

  void sampling(boolean on) {
    sampling = on;
  }

  /// A quantile of the latencies, in milliseconds.
  double latencyMs(double quantile) {
    int count = Math.min(samples.get(), SAMPLES_MAX);
    if (count == 0) {
      return Double.NaN;
    }
    long[] sorted = Arrays.copyOf(latencyNanos, count);
    Arrays.sort(sorted);
    return sorted[(int) Math.min(count - 1L, (long) (quantile * count))] / 1e6;
  }

  @Override
  public void close() {
    for (Socket socket : sockets) {
      try {
        socket.close();
      } catch (IOException e) {
        // It is gone.
      }
    }
  }
}
