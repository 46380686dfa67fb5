package dev.warren.daemon.os;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.daemon.os.Spawn.Streams;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/// Starts children and tells when processes end, be they children of ours or not. All waiting is
/// done by the one thread of the [Poller].
public final class Exits implements AutoCloseable {
  /// The daemon has to answer while its children keep the processors busy.
  private static final int CHILD_NICE = 5;

  /// Where memory ends, children go before the daemon.
  private static final String CHILD_OOM_SCORE = "800";

  /// How long a start waits for room.
  private static final Duration SHORTAGE_MAX = Duration.ofSeconds(10);

  private static final Duration SHORTAGE_PAUSE = Duration.ofMillis(25);
  private static final Duration LOOK_EVERY = Duration.ofMillis(50);

  private final ReentrantLock turn = new ReentrantLock(true);
  private final Poller poller;
  private final Map<Integer, Integer> watched = new ConcurrentHashMap<>();
  private final Object births = new Object();

  /// Children whose exits were not taken yet; held while one is born or taken, so that no exit is
  /// taken before its child is known.
  @GuardedBy("births")
  private final Map<Integer, Child> children = new HashMap<>();

  public Exits() throws IOException {
    this.poller = new Poller();
  }

  public void start() {
    poller.start();
  }

  Poller poller() {
    return poller;
  }

  /// Starts a program without input or output.
  public Child spawn(Program program) throws IOException {
    return inTurn(() -> spawn(program, new Streams.Nothing()));
  }

  /// Something that starts a program, and leaves nothing behind when it fails.
  @FunctionalInterface
  interface Start<T> {
    T run() throws IOException;
  }

  /// Runs a start, one at a time: who waits here holds no descriptor yet. Where the system gives no
  /// more at the moment (a hundred sessions that open at once, close to a limit), it tries again
  /// for [#SHORTAGE_MAX].
  <T> T inTurn(Start<T> start) throws IOException {
    long deadline = System.nanoTime() + SHORTAGE_MAX.toNanos();
    while (true) {
      turn.lock();
      try {
        return start.run();
      } catch (Shortage shortage) {
        if (System.nanoTime() - deadline > 0) {
          throw shortage;
        }
      } finally {
        turn.unlock();
      }
      pause(SHORTAGE_PAUSE);
    }
  }

  private static void pause(Duration time) throws InterruptedIOException {
    try {
      Thread.sleep(time);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted before a program was started");
    }
  }

  Child spawn(Program program, Streams streams) throws IOException {
    Child child;
    synchronized (births) {
      child = new Child(Spawn.start(program, streams));
      children.put(child.pid(), child);
    }
    yieldToTheDaemon(child.pid());
    watch(child.pid(), () -> take(child));
    return child;
  }

  /// Takes the exits of orphans that became ours, which would stay as zombies.
  public void reapOrphans() {
    synchronized (births) {
      Optional<Libc.Reaped> reaped = Libc.reap(-1);
      while (reaped.isPresent()) {
        Child known = children.remove(reaped.get().pid());
        if (known != null) {
          known.ended(reaped.get().exit());
        }
        reaped = Libc.reap(-1);
      }
    }
  }

  private void take(Child child) {
    synchronized (births) {
      if (children.get(child.pid()) == child) {
        Libc.reap(child.pid())
            .ifPresent(reaped -> {
              children.remove(child.pid());
              child.ended(reaped.exit());
            });
      }
    }
  }

  /// Runs `whenEnded` in a virtual thread once the process has ended, at once if it has.
  public void watch(int pid, Runnable whenEnded) {
    Optional<ProcStat> process = ProcStat.of(pid);
    int descriptor = Libc.pidfd(pid);
    if (descriptor < 0) {
      lookUntilEnded(pid, process, whenEnded);
      return;
    }
    watched.put(descriptor, pid);
    Ended ended = new Ended(descriptor, whenEnded);
    try {
      ended.place.await(Poller.READABLE);
    } catch (IOException full) {
      ended.done();
      lookUntilEnded(pid, process, whenEnded);
    }
  }

  /// For a process that no descriptor stands for: none is left, or the kernel has no such thing.
  private void lookUntilEnded(int pid, Optional<ProcStat> process, Runnable whenEnded) {
    Thread.ofVirtual()
        .name("process-end")
        .start(() -> {
          try {
            while (!hasEnded(pid, process)) {
              if (poller.isClosed()) {
                return;
              }
              Thread.sleep(LOOK_EVERY);
            }
          } catch (InterruptedException stopped) {
            return;
          }
          whenEnded.run();
        });
  }

  /// What cannot be read (without a descriptor nothing can) is taken for alive.
  private static boolean hasEnded(int pid, Optional<ProcStat> before) {
    if (!Libc.kill(pid, 0)) {
      return true;
    }
    return ProcStat.of(pid)
        .filter(now ->
            now.zombie()
                || before.filter(then -> then.startTicks() != now.startTicks()).isPresent())
        .isPresent();
  }

  /// One watched process.
  private final class Ended implements Poller.Ready {
    private final int descriptor;
    private final Runnable whenEnded;
    private final Poller.Place place;

    Ended(int descriptor, Runnable whenEnded) {
      this.descriptor = descriptor;
      this.whenEnded = whenEnded;
      this.place = poller.place(descriptor, this);
    }

    @Override
    public void ready(int events) {
      done();
      Thread.ofVirtual().name("process-end").start(whenEnded);
    }

    void done() {
      place.forget();
      if (watched.remove(descriptor) != null) {
        NativeCalls.close(descriptor);
      }
    }
  }

  /// As far as the system lets us; a child that went on at once may have escaped the first word.
  private static void yieldToTheDaemon(int pid) {
    Libc.nice(pid, CHILD_NICE);
    Path folder = Path.of("/proc", Integer.toString(pid));
    try {
      tell(folder.resolve("oom_score_adj"), CHILD_OOM_SCORE);
      // A session is a scheduling group of its own where the kernel groups so; then its nice
      // counts.
      Path group = folder.resolve("autogroup");
      if (Files.exists(group)) {
        tell(group, Integer.toString(CHILD_NICE));
      }
    } catch (IOException ended) {
      // It ended already, or the system does not allow it, or not now: a kernel takes one change of
      // an autogroup in 100 ms from who is not root.
    }
  }

  /// Writes without a channel: that one takes `EAGAIN` for a fault of the program.
  private static void tell(Path file, String value) throws IOException {
    try (FileOutputStream out = new FileOutputStream(file.toFile())) {
      out.write(value.getBytes(StandardCharsets.US_ASCII));
    }
  }

  @Override
  public void close() {
    poller.close();
    watched.keySet().forEach(NativeCalls::close);
    watched.clear();
  }
}
