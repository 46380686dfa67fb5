package dev.warren.daemon.os;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Tells when processes end, be they children of ours or not: one platform thread waits on all
/// their pidfds.
public final class Exits implements AutoCloseable {
  /// How soon [#close] is noticed.
  private static final int WAIT_MS = 250;

  private record Watch(Runnable whenEnded) {}

  private final Object lock = new Object();

  @GuardedBy("lock")
  private final Map<Integer, Watch> watches = new HashMap<>();

  private final int epoll;
  private final Thread thread;
  private volatile boolean closed;

  public Exits() throws IOException {
    this.epoll = Libc.epollCreate();
    this.thread = Thread.ofPlatform().name("process-exits").daemon().unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  /// Runs `whenEnded` in a virtual thread once the process has ended, at once if it has.
  public void watch(int pid, Runnable whenEnded) {
    Optional<Integer> pidfd = Libc.pidfd(pid);
    if (pidfd.isEmpty()) {
      Thread.ofVirtual().name("process-end").start(whenEnded);
      return;
    }
    synchronized (lock) {
      watches.put(pidfd.get(), new Watch(whenEnded));
    }
    try {
      Libc.epollAdd(epoll, pidfd.get());
    } catch (IOException full) {
      synchronized (lock) {
        watches.remove(pidfd.get());
      }
      Libc.close(pidfd.get());
      throw new IllegalStateException("cannot watch process " + pid, full);
    }
  }

  private void run() {
    while (!closed) {
      for (int pidfd : Libc.epollWait(epoll, WAIT_MS)) {
        Watch watch;
        synchronized (lock) {
          watch = watches.remove(pidfd);
        }
        Libc.close(pidfd);
        if (watch != null) {
          Thread.ofVirtual().name("process-end").start(watch.whenEnded);
        }
      }
    }
    synchronized (lock) {
      watches.keySet().forEach(Libc::close);
      watches.clear();
    }
    Libc.close(epoll);
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
