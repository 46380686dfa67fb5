package dev.warren.daemon.os;

import static dev.warren.daemon.os.NativeCalls.withErrno;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Waits for all descriptors of the daemon's children, in one platform thread (epoll). Interest is
/// for one event: whoever wants another asks again.
final class Poller implements AutoCloseable {
  static final int READABLE = 1;
  static final int WRITABLE = 4;

  /// Events at once.
  private static final int EVENTS_MAX = 256;

  /// How soon [#close] is noticed.
  private static final int WAIT_MS = 250;

  private static final int EPOLL_CLOEXEC = 0x80000;
  private static final int EPOLL_CTL_ADD = 1;
  private static final int EPOLL_CTL_MOD = 3;
  private static final int EPOLLONESHOT = 1 << 30;

  /// `struct epoll_event` is packed (12 bytes) on x86-64 only.
  private static final boolean PACKED = System.getProperty("os.arch", "").equals("amd64");

  private static final long DATA_OFFSET = PACKED ? 4 : 8;
  private static final long EVENT_BYTES = PACKED ? 12 : 16;

  private static final MethodHandle EPOLL_CREATE =
      withErrno("epoll_create1", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle EPOLL_CTL =
      withErrno(
          "epoll_ctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
  private static final MethodHandle EPOLL_WAIT =
      withErrno(
          "epoll_wait", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));

  /// Hears of an event, on the poller's thread: must be short.
  @FunctionalInterface
  interface Ready {
    /// @param events a set of [#READABLE] and [#WRITABLE]; an error or a hang-up is both
    void ready(int events);
  }

  /// A descriptor's place here, until [#forget].
  final class Place {
    private final int descriptor;
    private final long number = numbers.incrementAndGet();
    private boolean added;

    private Place(int descriptor) {
      this.descriptor = descriptor;
    }

    /// Asks for one event of these; replaces what was asked before. Not for two threads at once.
    void await(int events) throws IOException {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment event = arena.allocate(16, 8);
        event.set(JAVA_INT, 0, events | EPOLLONESHOT);
        event.set(JAVA_LONG_UNALIGNED, DATA_OFFSET, number);
        NativeCalls.checked(
            "epoll_ctl",
            EPOLL_CTL,
            epoll,
            added ? EPOLL_CTL_MOD : EPOLL_CTL_ADD,
            descriptor,
            event);
        added = true;
      }
    }

    /// Before the descriptor is closed. (By number, since the kernel gives a closed one's away.)
    void forget() {
      places.remove(number);
    }
  }

  private final AtomicLong numbers = new AtomicLong();
  private final Map<Long, Ready> places = new ConcurrentHashMap<>();
  private final int epoll;
  private final Thread thread;
  private volatile boolean closed;

  Poller() throws IOException {
    this.epoll = (int) NativeCalls.checked("epoll_create1", EPOLL_CREATE, EPOLL_CLOEXEC);
    this.thread = Thread.ofPlatform().name("children").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  boolean isClosed() {
    return closed;
  }

  Place place(int descriptor, Ready ready) {
    Place place = new Place(descriptor);
    places.put(place.number, ready);
    return place;
  }

  private void run() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment events = arena.allocate(EVENT_BYTES * EVENTS_MAX, 8);
      while (!closed) {
        long n = NativeCalls.call(EPOLL_WAIT, epoll, events, EVENTS_MAX, WAIT_MS);
        for (long at = 0; at < n * EVENT_BYTES; at += EVENT_BYTES) {
          Ready ready = places.get(events.get(JAVA_LONG_UNALIGNED, at + DATA_OFFSET));
          if (ready != null) {
            ready.ready(wanted(events.get(JAVA_INT_UNALIGNED, at)));
          }
        }
      }
    }
    NativeCalls.close(epoll);
  }

  private static int wanted(int events) {
    boolean broken = (events & ~(READABLE | WRITABLE)) != 0;
    return broken ? READABLE | WRITABLE : events;
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
