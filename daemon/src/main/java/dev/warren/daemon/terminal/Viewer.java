package dev.warren.daemon.terminal;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.protocol.daemon.TerminalFrame;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// What one viewer has still to be sent. The session puts, the viewer's thread takes. One that is
/// too far behind is drawn anew instead.
final class Viewer {
  /// Bytes that wait for a viewer before it counts as behind.
  static final int WAITING_BYTES_MAX = 256 * 1024;

  private final Object lock = new Object();

  @GuardedBy("lock")
  private final Deque<TerminalFrame> frames = new ArrayDeque<>();

  @GuardedBy("lock")
  private int waitingBytes;

  /// Whether it has to be drawn: at first, and when it fell behind.
  @GuardedBy("lock")
  private boolean lagged = true;

  @GuardedBy("lock")
  private boolean ended;

  private final Runnable whenRoom;

  /// @param whenRoom runs when it has room again, or is gone
  Viewer(Runnable whenRoom) {
    this.whenRoom = whenRoom;
  }

  boolean hasRoom() {
    synchronized (lock) {
      return !ended && !lagged && waitingBytes < WAITING_BYTES_MAX;
    }
  }

  /// Without room it loses this, and what it has not taken, and is drawn anew.
  void put(TerminalFrame frame) {
    synchronized (lock) {
      if (ended || lagged) {
        return;
      }
      if (frame instanceof TerminalFrame.Data(byte[] bytes)) {
        if (waitingBytes >= WAITING_BYTES_MAX) {
          lagged = true;
          frames.clear();
          waitingBytes = 0;
          lock.notifyAll();
          return;
        }
        waitingBytes += bytes.length;
      }
      frames.add(frame);
      lock.notifyAll();
    }
  }

  /// The last frame; what waits before it is sent first.
  void end(TerminalFrame last) {
    synchronized (lock) {
      if (!ended) {
        frames.add(last);
        ended = true;
        lock.notifyAll();
      }
    }
  }

  /// Nobody takes any more.
  void leave() {
    synchronized (lock) {
      ended = true;
      lagged = false;
      frames.clear();
      waitingBytes = 0;
      lock.notifyAll();
    }
    whenRoom.run();
  }

  /// What its thread does next.
  sealed interface Next {
    record Send(TerminalFrame frame) implements Next {}

    /// Draw the screen.
    record Draw() implements Next {}

    record Over() implements Next {}
  }

  Next next() throws InterruptedException {
    TerminalFrame frame;
    boolean room;
    synchronized (lock) {
      while (frames.isEmpty() && !lagged && !ended) {
        lock.wait();
      }
      if (lagged) {
        return new Next.Draw();
      }
      @Nullable TerminalFrame first = frames.poll();
      if (first == null) {
        return new Next.Over();
      }
      boolean wasFull = waitingBytes >= WAITING_BYTES_MAX;
      frame = first instanceof TerminalFrame.Data(byte[] bytes) ? withWhatFollows(bytes) : first;
      if (frame instanceof TerminalFrame.Data(byte[] bytes)) {
        waitingBytes -= bytes.length;
      }
      room = wasFull && waitingBytes < WAITING_BYTES_MAX;
    }
    if (room) {
      whenRoom.run();
    }
    return new Next.Send(frame);
  }

  /// The output that waits behind these bytes goes with them, as far as a frame holds it: a
  /// terminal is read 4 KiB at once, and each frame costs a message at each station on its way.
  @GuardedBy("lock")
  private TerminalFrame.Data withWhatFollows(byte[] first) {
    ByteArrayOutputStream all = new ByteArrayOutputStream(2 * first.length);
    all.writeBytes(first);
    while (frames.peek() instanceof TerminalFrame.Data(byte[] more)
        && all.size() + more.length <= TerminalFrame.BYTES_MAX) {
      all.writeBytes(more);
      frames.remove();
    }
    return new TerminalFrame.Data(all.toByteArray());
  }

  /// It is drawn now: what comes after is for it again.
  void drawn() {
    synchronized (lock) {
      lagged = false;
    }
  }
}
