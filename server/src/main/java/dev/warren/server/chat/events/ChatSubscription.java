package dev.warren.server.chat.events;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.server.http.EventOutlet;
import dev.warren.server.http.Frame;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One reader of a chat's events. [#take] is called by the reader's thread; frames come from the
/// feed's and never wait: a reader whose queue is full loses it and reads again from where it was.
/// While the reader's thread waits, [#push] sends what has come through the reader's outlet, on the
/// thread that made it.
public final class ChatSubscription implements AutoCloseable {
  /// Frames that wait for one reader.
  static final int FRAMES_MAX = 2_000;

  /// Bytes of data that wait for one reader.
  static final int BYTES_MAX = 4 * 1024 * 1024;

  /// A write that takes longer means that the reader does not read.
  static final Duration WRITE_MAX = Duration.ofSeconds(30);

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

  @GuardedBy("lock")
  private Optional<String> position;

  /// The reader's thread is in [#take].
  @GuardedBy("lock")
  private boolean waiting;

  /// It has seen that there is something to take, and waits for a write to be done.
  @GuardedBy("lock")
  private boolean taking;

  @GuardedBy("lock")
  private Optional<EventOutlet> outlet = Optional.empty();

  /// A write of the outlet is not done yet.
  @GuardedBy("lock")
  private boolean writing;

  /// The thread that is in [#push] after it began the newest write.
  @GuardedBy("lock")
  private @Nullable Thread pusher;

  ChatSubscription(ChatFeed feed, Optional<String> after) {
    this.feed = feed;
    this.position = after;
  }

  /// The next frames, in order; none when the time is over or the chat is gone ([#ended]).
  public List<Frame> take(Duration timeout) throws InterruptedException {
    Optional<String> from;
    lock.lock();
    try {
      awaitFrames(timeout);
      if (!lagged) {
        return drain();
      }
      lagged = false;
      from = position;
    } finally {
      lock.unlock();
    }
    List<Frame> frames = feed.attach(this, from);
    note(frames);
    return frames;
  }

  @GuardedBy("lock")
  private void awaitFrames(Duration timeout) throws InterruptedException {
    waiting = true;
    try {
      long left = timeout.toNanos();
      while (queue.isEmpty() && !lagged && !ended && left > 0) {
        left = arrived.awaitNanos(left);
      }
      taking = true;
      awaitWritten();
    } finally {
      waiting = false;
      taking = false;
    }
  }

  /// What comes next must not overtake what is being written.
  @GuardedBy("lock")
  private void awaitWritten() throws InterruptedException {
    long left = WRITE_MAX.toNanos();
    while (writing && left > 0) {
      left = arrived.awaitNanos(left);
    }
    if (writing) {
      // It does not read: the stream is cut, and the reader may resume.
      queue.clear();
      queuedBytes = 0;
      lagged = false;
      ended = true;
    }
  }

  @GuardedBy("lock")
  private List<Frame> drain() {
    List<Frame> frames = List.copyOf(queue);
    queue.clear();
    queuedBytes = 0;
    if (!frames.isEmpty()) {
      position = Optional.of(frames.getLast().id());
    }
    return frames;
  }

  private void note(List<Frame> frames) {
    lock.lock();
    try {
      if (!frames.isEmpty()) {
        position = Optional.of(frames.getLast().id());
      }
    } finally {
      lock.unlock();
    }
  }

  // The outlet

  /// Lets [#push] write by itself from now on.
  void outlet(EventOutlet given) {
    lock.lock();
    try {
      outlet = Optional.of(given);
    } finally {
      lock.unlock();
    }
  }

  /// Sends what is queued, on this thread, when the reader's only waits; never waits itself. Called
  /// without the feed's lock.
  void push() {
    for (Optional<Push> next = nextPush(); next.isPresent(); next = nextPush()) {
      next.get().outlet.write(next.get().frames, this::written);
    }
  }

  private record Push(EventOutlet outlet, List<Frame> frames) {}

  private Optional<Push> nextPush() {
    lock.lock();
    try {
      boolean idle = waiting && !taking && !writing && !lagged && !ended;
      if (queue.isEmpty() || !idle || outlet.isEmpty()) {
        if (pusher == Thread.currentThread()) {
          pusher = null;
        }
        if (outlet.isEmpty()) {
          arrived.signal();
        }
        return Optional.empty();
      }
      writing = true;
      pusher = Thread.currentThread();
      return Optional.of(new Push(outlet.get(), drain()));
    } finally {
      lock.unlock();
    }
  }

  /// A write is done, within [#push] or later on another thread.
  private void written() {
    boolean goOn;
    lock.lock();
    try {
      writing = false;
      if (taking || lagged || ended) {
        arrived.signal();
      }
      // A push on this very thread goes on by itself.
      goOn = !queue.isEmpty() && pusher != Thread.currentThread();
    } finally {
      lock.unlock();
    }
    if (goOn) {
      push();
    }
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

  /// Queues a frame and wakes the reader.
  void offer(Frame frame) {
    lock.lock();
    try {
      add(frame);
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }

  /// Queues a frame; [#push] has to follow.
  void enqueue(Frame frame) {
    lock.lock();
    try {
      add(frame);
      if (lagged) {
        arrived.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void add(Frame frame) {
    if (lagged || ended) {
      return;
    }
    queue.add(frame);
    queuedBytes += frame.data().length;
    if (queue.size() > FRAMES_MAX || queuedBytes > BYTES_MAX) {
      fallBehind();
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
