package dev.warren.server.agent;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Where a run waits: for its children to end, and to be told to stop. Waiting cannot be
/// interrupted; who wants the run's attention puts something in.
final class Mailbox<M> {
  private final LinkedBlockingQueue<M> messages = new LinkedBlockingQueue<>();

  void put(M message) {
    messages.add(message);
  }

  Optional<M> take(Duration timeout) {
    try {
      return Optional.ofNullable(messages.poll(timeout.toNanos(), TimeUnit.NANOSECONDS));
    } catch (InterruptedException e) {
      throw new IllegalStateException("a run's own thread was interrupted", e);
    }
  }
}
