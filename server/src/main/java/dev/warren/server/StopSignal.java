package dev.warren.server;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// SIGINT and SIGTERM, for a program whose main thread starts, waits and closes. Installed before
/// the start, so that a start that is asked to stop closes what it has opened: the main thread is
/// interrupted, once. The process ends when this is closed, with status 0.
final class StopSignal implements AutoCloseable {
  /// After so long a stop is cut; what is durable is in the database anyway.
  private static final long STOP_MAX_S = 20;

  private static final Logger log = LoggerFactory.getLogger(StopSignal.class);

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread main = Thread.currentThread();
  private final Thread hook = new Thread(this::stop, "stop");

  private StopSignal() {}

  /// For the current thread.
  static StopSignal install() {
    StopSignal signal = new StopSignal();
    Runtime.getRuntime().addShutdownHook(signal.hook);
    return signal;
  }

  private void stop() {
    // In this order, so that no interruption comes after #await has returned.
    main.interrupt();
    asked.countDown();
    try {
      if (closed.await(STOP_MAX_S, TimeUnit.SECONDS)) {
        // A stop that was asked for is a success; the JVM would make it 143.
        Runtime.getRuntime().halt(0);
      }
      log.error("the stop took longer than {} s and is cut", STOP_MAX_S);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Waits until a stop is asked for.
  void await() {
    boolean waiting = true;
    while (waiting) {
      try {
        asked.await();
        waiting = false;
      } catch (InterruptedException e) {
        log.debug("asked to stop");
      }
    }
    Thread.interrupted();
  }

  /// Lets the process end.
  @Override
  public void close() {
    if (asked.getCount() > 0) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        log.debug("asked to stop at this very moment", e);
      }
    }
    closed.countDown();
  }
}
