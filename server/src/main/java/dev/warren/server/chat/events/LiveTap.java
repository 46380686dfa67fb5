package dev.warren.server.chat.events;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Another replica's ear at a chat that this one owns. It never holds up the model: one that falls
/// behind is cut, and comes back to be told everything so far.
final class LiveTap implements AutoCloseable {
  /// Updates that wait for one replica.
  static final int UPDATES_MAX = 4_000;

  /// An ear that hears nothing gets an empty line this often, so that either side finds out when
  /// the other is gone.
  static final Duration PING_INTERVAL = Duration.ofSeconds(5);

  private final ChatFeed feed;
  private final LinkedBlockingQueue<LiveUpdate> updates = new LinkedBlockingQueue<>(UPDATES_MAX);
  private volatile boolean lagged;

  LiveTap(ChatFeed feed) {
    this.feed = feed;
  }

  void offer(LiveUpdate update) {
    lagged |= !updates.offer(update);
  }

  /// Writes what comes, until the other end is gone or falls behind.
  void write(OutputStream out) throws IOException, InterruptedException {
    while (!lagged) {
      @Nullable LiveUpdate update = updates.poll(PING_INTERVAL.toNanos(), TimeUnit.NANOSECONDS);
      StringBuilder lines = new StringBuilder();
      for (; update != null; update = updates.poll()) {
        lines.append(update.toJson()).append('\n');
      }
      out.write((lines.isEmpty() ? "\n" : lines.toString()).getBytes(StandardCharsets.UTF_8));
      out.flush();
    }
  }

  @Override
  public void close() {
    feed.untap(this);
  }
}
