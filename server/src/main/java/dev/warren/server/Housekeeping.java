package dev.warren.server;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Forgets what has expired, now and then. A chore that fails is tried again the next time.
final class Housekeeping implements AutoCloseable {
  static final Duration INTERVAL = Duration.ofMinutes(10);

  private static final Logger log = LoggerFactory.getLogger(Housekeeping.class);

  private final List<Runnable> chores;
  private final Thread thread;

  Housekeeping(List<Runnable> chores) {
    this.chores = List.copyOf(chores);
    this.thread = Thread.ofVirtual().name("housekeeping").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (true) {
        TimeUnit.NANOSECONDS.sleep(INTERVAL.toNanos());
        chores.forEach(Housekeeping::tryOut);
      }
    } catch (InterruptedException e) {
      log.debug("housekeeping ends");
    }
  }

  private static void tryOut(Runnable chore) {
    try {
      chore.run();
    } catch (RuntimeException e) {
      log.warn("housekeeping failed", e);
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
