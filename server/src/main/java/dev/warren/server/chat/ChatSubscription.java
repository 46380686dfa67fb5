package dev.warren.server.chat;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.server.http.Frame;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// One reader of a chat's events. [#take] is called by the reader's thread; frames come from the
/// feed's and never wait: a reader whose queue is full loses it and reads again from where it was.
public final class ChatSubscription implements AutoCloseable {
  /// Frames that wait for one reader.
  static final int FRAMES_MAX = 2_000;

  /// Bytes of data that wait for one reader.
  static final int BYTES_MAX = 4 * 1024 * 1024;

  private final ChatFeed feed;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();

  @GuardedBy("lock")
  private final ArrayDeque<Frame> queue = new ArrayDeque<>();

  @GuardedBy("lock")
  private long queuedBytes;

  @GuardedBy("lock")
  private boolean lagged;

  @GuardedBy("lock")
  private boolean ended;

  // The reader's thread's own.
  private Optional<String> position;

  ChatSubscription(ChatFeed feed, Optional<String> after) {
    this.feed = feed;
    this.position = after;
  }

  /// The next frames, in order; none when the time is over or the chat is gone ([#ended]).
  public List<Frame> take(Duration timeout) throws InterruptedException {
    List<Frame> frames = next(timeout);
    if (!frames.isEmpty()) {
      position = Optional.of(frames.getLast().id());
    }
    return frames;
  }

  private List<Frame> next(Duration timeout) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = timeout.toNanos();
      while (queue.isEmpty() && !lagged && !ended && left > 0) {
        left = arrived.awaitNanos(left);
      }
      if (!lagged) {
        List<Frame> frames = new ArrayList<>(queue);
        queue.clear();
        queuedBytes = 0;
        return frames;
      }
      lagged = false;
    } finally {
      lock.unlock();
    }
    return feed.attach(this, position);
  }

  /// The chat was deleted: nothing more comes.
  public boolean ended() {
    lock.lock();
    try {
      return ended && queue.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  void offer(Frame frame) {
    lock.lock();
    try {
      if (lagged || ended) {
        return;
      }
      queue.add(frame);
      queuedBytes += frame.data().length;
      if (queue.size() > FRAMES_MAX || queuedBytes > BYTES_MAX) {
        fallBehind();
      }
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void fallBehind() {
    queue.clear();
    queuedBytes = 0;
    lagged = true;
  }

  /// Makes the reader start from its position: at the beginning, and when it fell behind.
  void markLagged() {
    lock.lock();
    try {
      fallBehind();
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }

  void end() {
    lock.lock();
    try {
      ended = true;
      lagged = false;
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    feed.leave(this);
  }
}
