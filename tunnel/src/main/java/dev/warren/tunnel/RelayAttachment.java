package dev.warren.tunnel;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.protocol.tunnel.GitLogin;
import dev.warren.protocol.tunnel.Owner;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A node's standing attachment to a relay: it reconnects with backoff until it is refused or
/// closed. Any thread.
public final class RelayAttachment implements AutoCloseable {
  private final RelayQuestions questions = new RelayQuestions();
  private final Runnable onClose;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  @GuardedBy("lock")
  private boolean attached;

  @GuardedBy("lock")
  private long times;

  @GuardedBy("lock")
  private boolean over;

  @GuardedBy("lock")
  private @Nullable AttachRefused refusal;

  @GuardedBy("lock")
  private Optional<Owner> owner = Optional.empty();

  @GuardedBy("lock")
  private long detachedSinceNanos = System.nanoTime();

  RelayAttachment(Runnable onClose) {
    this.onClose = onClose;
  }

  /// Waits until the node is attached.
  ///
  /// @return false when it is not within the time
  public boolean awaitAttached(Duration within) throws InterruptedException, AttachRefused {
    long left = within.toNanos();
    lock.lockInterruptibly();
    try {
      while (!attached) {
        throwIfRefused();
        if (left <= 0 || over) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  public boolean isAttached() {
    lock.lock();
    try {
      return attached;
    } finally {
      lock.unlock();
    }
  }

  /// How often it has been attached: whoever looks now and then sees by it that the relay was lost
  /// and came back meanwhile, another one perhaps.
  public long times() {
    lock.lock();
    try {
      return times;
    } finally {
      lock.unlock();
    }
  }

  /// Whom this node works for, as the relay said at the last attach.
  public Optional<Owner> owner() {
    lock.lock();
    try {
      return owner;
    } finally {
      lock.unlock();
    }
  }

  /// Asks the control plane for its owner's login at a git host.
  ///
  /// @param host with `:port` where that is not the scheme's own
  /// @throws IOException when there is none; its message is for who runs git
  public GitLogin gitLogin(String host, Duration within) throws IOException, InterruptedException {
    return questions.gitLogin(host, within);
  }

  /// Since when it has not been attached; zero while it is.
  public Duration detachedFor() {
    lock.lock();
    try {
      return attached
          ? Duration.ZERO
          : Duration.ofNanos(Math.max(1, System.nanoTime() - detachedSinceNanos));
    } finally {
      lock.unlock();
    }
  }

  /// Waits until this attachment is over: closed here, or refused for good.
  public void join() throws InterruptedException, AttachRefused {
    lock.lockInterruptibly();
    try {
      while (!over) {
        changed.await();
      }
      throwIfRefused();
    } finally {
      lock.unlock();
    }
  }

  /// Detaches.
  @Override
  public void close() {
    finish(null);
    onClose.run();
  }

  boolean isOver() {
    lock.lock();
    try {
      return over;
    } finally {
      lock.unlock();
    }
  }

  RelayQuestions questions() {
    return questions;
  }

  void attached(RelayPath path, Optional<Owner> now) {
    questions.attached(path);
    lock.lock();
    try {
      attached = true;
      times++;
      owner = now;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void detached() {
    questions.detached();
    lock.lock();
    try {
      if (attached) {
        detachedSinceNanos = System.nanoTime();
      }
      attached = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Ends it, with the refusal if that is why.
  void finish(@Nullable AttachRefused why) {
    lock.lock();
    try {
      if (over) {
        return;
      }
      over = true;
      refusal = why;
      if (attached) {
        attached = false;
        detachedSinceNanos = System.nanoTime();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void throwIfRefused() throws AttachRefused {
    if (refusal != null) {
      throw new AttachRefused(refusal);
    }
  }
}
