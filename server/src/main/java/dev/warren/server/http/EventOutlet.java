package dev.warren.server.http;

import java.util.List;

/// A reader's connection, as a source may write to it while the reader's thread waits in
/// [EventSource#next]: then an event leaves on the thread that made it, and no other thread has to
/// wake up for it. (Waking one costs more than all the rest of an event.)
public interface EventOutlet {
  /// Begins to send the frames, without waiting. One write at a time.
  ///
  /// @param done runs once, on this thread or another: the frames are sent, or never will be, in
  ///   which case the next write from the reader's own thread fails
  void write(List<Frame> frames, Runnable done);
}
