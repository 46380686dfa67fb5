package dev.warren.server.chat.events;

import com.google.errorprone.annotations.concurrent.GuardedBy;

/// Runs one task again and again as long as it is asked to, on a thread of its own, never twice at
/// a time: many askings during a run are one more run.
final class FeedRefresh {
  private final String name;
  private final Runnable task;

  @GuardedBy("this")
  private boolean running;

  @GuardedBy("this")
  private boolean again;

  FeedRefresh(String name, Runnable task) {
    this.name = name;
    this.task = task;
  }

  synchronized void ask() {
    again = true;
    if (!running) {
      running = true;
      Thread.ofVirtual().name(name).start(this::loop);
    }
  }

  private void loop() {
    while (next()) {
      task.run();
    }
  }

  private synchronized boolean next() {
    running = again;
    again = false;
    return running;
  }
}
