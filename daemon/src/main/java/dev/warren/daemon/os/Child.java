package dev.warren.daemon.os;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.daemon.os.Libc.Exit;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A program that [Exits] started, the leader of its session; how it ends is kept here.
public final class Child {
  private final int pid;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private @Nullable Exit exit;

  Child(int pid) {
    this.pid = pid;
  }

  public int pid() {
    return pid;
  }

  /// How it ended, if it has.
  public Optional<Exit> exit() {
    synchronized (lock) {
      return Optional.ofNullable(exit);
    }
  }

  public Exit awaitExit() throws InterruptedException {
    synchronized (lock) {
      Exit now = exit;
      while (now == null) {
        lock.wait();
        now = exit;
      }
      return now;
    }
  }

  /// How it ended, if it does in this time.
  public Optional<Exit> awaitExit(Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    synchronized (lock) {
      long left = atMost.toNanos();
      while (exit == null && left > 0) {
        TimeUnit.NANOSECONDS.timedWait(lock, left);
        left = deadline - System.nanoTime();
      }
      return Optional.ofNullable(exit);
    }
  }

  /// Sends a signal to the program's process group; false when it has ended.
  public boolean signal(int signal) {
    synchronized (lock) {
      return exit == null && Libc.kill(-pid, signal);
    }
  }

  void ended(Exit how) {
    synchronized (lock) {
      exit = how;
      lock.notifyAll();
    }
  }
}
