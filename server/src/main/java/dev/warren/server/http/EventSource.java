package dev.warren.server.http;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The events for one reader. It is asked by the reader's own virtual thread, which writes what it
/// gets; a reader that stands still is cut, so the source must bound what it keeps.
public interface EventSource extends AutoCloseable {
  /// Gives the source a way to write by itself. It may do so only while [#next] waits, which must
  /// not return with frames before such a write is done. Called once, before the first `next`.
  default void outlet(EventOutlet outlet) {}

  /// Waits for the next events, at most `wait`.
  ///
  /// @return in order; an empty list when there was nothing, absent when the stream is at its end
  Optional<List<Frame>> next(Duration wait) throws InterruptedException;

  /// The reader is gone, or the stream at its end. Called once, on the same thread.
  @Override
  void close();
}
