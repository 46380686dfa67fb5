package dev.warren.tunnel.relay;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// What stands between the senders to one node and its link: at most `linkBytesMax` bytes are in
/// the link, without a copy; what comes while it is full waits here as a copy, so that a slow
/// receiver pins nobody's read buffer; at `outstandingBytesMax` the oldest message of the sender
/// with most of them goes. Any thread.
final class Receiver {
  private final RelayLink link;

  /// What this node may send itself.
  private final SendBudget own;

  private final Relay relay;
  private final RelaySettings settings;
  private final Counters counters;

  /// Bytes that the link has and has not released.
  private final AtomicLong inLink = new AtomicLong();

  /// Above zero while some thread moves messages from the queue to the link; a second one only
  /// leaves a note.
  private final AtomicInteger pumps = new AtomicInteger();

  private final Object lock = new Object();

  @GuardedBy("lock")
  private final FairQueue queue;

  /// Whether the queue has something, to be read without the lock.
  private volatile boolean waiting;

  private volatile long progressNanos;

  Receiver(RelaySession session, Relay relay) {
    this.link = session.link();
    this.own = session.budget();
    this.relay = relay;
    this.settings = relay.settings();
    this.counters = relay.counters();
    this.queue = new FairQueue(settings.messageBytesMax());
    this.progressNanos = relay.nanoTime();
  }

  void offer(SendBudget sender, ByteBuffer message, Runnable released) {
    own.answered();
    int bytes = message.remaining();
    if (!waiting && inLink.get() + bytes <= settings.linkBytesMax()) {
      handOver(message, bytes, released);
      return;
    }
    ByteBuffer copy = ByteBuffer.allocate(bytes).put(message).flip();
    released.run();
    synchronized (lock) {
      queue.add(sender, copy);
      waiting = true;
      while (queue.bytes() + inLink.get() > settings.outstandingBytesMax() && queue.size() > 1) {
        queue.drop();
        counters.dropped(DropReason.OVERFLOW);
      }
    }
    pump();
  }

  void flush() {
    link.flush();
  }

  /// Nanoseconds that it has taken no byte though some wait; zero when none wait.
  long stalledNanos() {
    return inLink.get() == 0 ? 0 : relay.nanoTime() - progressNanos;
  }

  /// Bytes on their way to the node.
  long outstandingBytes() {
    synchronized (lock) {
      return queue.bytes() + inLink.get();
    }
  }

  private void handOver(ByteBuffer message, int bytes, Runnable released) {
    if (inLink.getAndAdd(bytes) == 0) {
      progressNanos = relay.nanoTime();
    }
    boolean taken =
        link.send(
            message,
            () -> {
              released.run();
              completed(bytes);
            });
    if (taken) {
      counters.forwarded(bytes);
      return;
    }
    inLink.addAndGet(-bytes);
    released.run();
    counters.dropped(DropReason.CLOSED);
  }

  private void completed(int bytes) {
    inLink.addAndGet(-bytes);
    progressNanos = relay.nanoTime();
    if (waiting) {
      pump();
    }
  }

  /// Moves what fits from the queue to the link. The link may complete a message within `send`,
  /// which comes back here: hence the count instead of a recursion.
  private void pump() {
    if (pumps.getAndIncrement() != 0) {
      return;
    }
    int seen = 1;
    boolean sent = false;
    do {
      ByteBuffer next = poll();
      while (next != null) {
        sent = true;
        handOver(next, next.remaining(), () -> {});
        next = poll();
      }
      if (sent) {
        link.flush();
        sent = false;
      }
      seen = pumps.addAndGet(-seen);
    } while (seen != 0);
  }

  private @Nullable ByteBuffer poll() {
    synchronized (lock) {
      ByteBuffer head = queue.peek();
      if (head == null) {
        waiting = false;
        return null;
      }
      long inside = inLink.get();
      if (inside > 0 && inside + head.remaining() > settings.linkBytesMax()) {
        return null;
      }
      waiting = queue.size() > 1;
      return queue.remove();
    }
  }
}
