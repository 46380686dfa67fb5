package dev.warren.server;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What has been opened, to be closed in reverse. One that fails to close does not keep the others
/// open.
final class Closing implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Closing.class);

  /// A close that is worth a line.
  private static final long SLOW_MS = 500;

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  <T extends AutoCloseable> T add(T thing) {
    opened.push(thing);
    return thing;
  }

  @Override
  public void close() {
    // The interruption that asked for the end must not cut the end itself.
    Thread.interrupted();
    while (!opened.isEmpty()) {
      AutoCloseable thing = opened.pop();
      long began = System.nanoTime();
      try {
        thing.close();
        long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        if (tookMs > SLOW_MS) {
          log.info("{} took {} ms to close", thing.getClass().getSimpleName(), tookMs);
        }
      } catch (Exception e) {
        log.error("{} does not close", thing.getClass().getSimpleName(), e);
      }
    }
  }
}
