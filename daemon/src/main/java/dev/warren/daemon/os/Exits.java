package dev.warren.daemon.os;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.daemon.os.Spawn.Streams;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Starts children and tells when processes end, be they children of ours or not. All waiting is
/// done by the one thread of the [Poller].
public final class Exits implements AutoCloseable {
  /// The daemon has to answer while its children keep the processors busy.
  private static final int CHILD_NICE = 5;

  /// Where memory ends, children go before the daemon.
  private static final String CHILD_OOM_SCORE = "800";

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
    return spawn(program, new Streams.Nothing());
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
    Optional<Integer> pidfd = Libc.pidfd(pid);
    if (pidfd.isEmpty()) {
      Thread.ofVirtual().name("process-end").start(whenEnded);
      return;
    }
    int descriptor = pidfd.get();
    watched.put(descriptor, pid);
    Ended ended = new Ended(descriptor, whenEnded);
    try {
      ended.place.await(Poller.READABLE);
    } catch (IOException full) {
      ended.done();
      throw new IllegalStateException("cannot watch process " + pid, full);
    }
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
