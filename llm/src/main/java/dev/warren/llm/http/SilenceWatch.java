package dev.warren.llm.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Ends streams on which nothing has come for too long. The JDK's own request timeout ends with the
/// response's headers, so one sweeping thread looks at all streams; it lives only while there are
/// any.
final class SilenceWatch {
  private final Duration limit;
  private final long sweepMs;

  @GuardedBy("this")
  private final Set<Watched> streams = new HashSet<>();

  @GuardedBy("this")
  private boolean sweeping;

  SilenceWatch(Duration limit) {
    this.limit = limit;
    this.sweepMs = Math.clamp(limit.toMillis() / 10, 10, 1_000);
  }

  /// Runs `onSilence` once, on the sweeping thread, when nothing comes for the limit.
  Watched watch(Runnable onSilence) {
    Watched watched = new Watched(onSilence);
    synchronized (this) {
      streams.add(watched);
      if (!sweeping) {
        sweeping = true;
        Thread.ofVirtual().name("provider-silence-watch").start(this::sweep);
      }
    }
    return watched;
  }

  private void sweep() {
    while (true) {
      try {
        Thread.sleep(sweepMs);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      List<Watched> silent;
      synchronized (this) {
        if (streams.isEmpty()) {
          sweeping = false;
          return;
        }
        long now = System.nanoTime();
        silent = streams.stream().filter(w -> now - w.lastNanos > limit.toNanos()).toList();
        silent.forEach(streams::remove);
      }
      silent.forEach(Watched::expire);
    }
  }

  final class Watched implements AutoCloseable {
    private final Runnable onSilence;
    private volatile long lastNanos = System.nanoTime();
    private volatile boolean expired;

    private Watched(Runnable onSilence) {
      this.onSilence = onSilence;
    }

    /// Something came.
    void touch() {
      lastNanos = System.nanoTime();
    }

    boolean expired() {
      return expired;
    }

    private void expire() {
      expired = true;
      onSilence.run();
    }

    @Override
    public void close() {
      synchronized (SilenceWatch.this) {
        streams.remove(this);
      }
    }
  }
}
