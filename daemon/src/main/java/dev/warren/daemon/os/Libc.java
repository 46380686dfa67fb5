package dev.warren.daemon.os;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Optional;

/// The C library's calls that the JDK has no word for.
public final class Libc {
  public static final int SIGKILL = 9;
  public static final int SIGTERM = 15;
  public static final int SIGSTOP = 19;

  private static final int PR_SET_DUMPABLE = 4;
  private static final int PR_SET_CHILD_SUBREAPER = 36;
  private static final int WNOHANG = 1;
  private static final int FALLOC_FL_KEEP_SIZE = 1;
  private static final int FALLOC_FL_PUNCH_HOLE = 2;
  private static final int O_WRONLY_CLOEXEC = 1 | 0x80000;
  private static final long SYS_PIDFD_OPEN = 434; // the same on x86-64 and arm64
  private static final short SETSIGDEF_SETSIGMASK_SETSID = 0x04 | 0x08 | 0x80;

  /// glibc's posix_spawnattr_t has 336 bytes, its posix_spawn_file_actions_t 80, sigset_t 128.
  private static final long OPAQUE_STRUCT_BYTES = 512;

  private static final int ESRCH = 3;
  private static final int EINTR = 4;
  private static final int EPOLLIN = 1;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final SymbolLookup SYMBOLS = LINKER.defaultLookup();
  private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final MethodHandle KILL =
      withErrno("kill", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle WAITPID =
      withErrno("waitpid", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle CLOSE =
      withErrno("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle READ =
      withErrno("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle OPEN =
      withErrno(
          "open",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle FALLOCATE =
      withErrno(
          "fallocate", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle PRCTL =
      withErrno(
          "prctl",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
          Linker.Option.firstVariadicArg(1));
  private static final MethodHandle SYSCALL =
      withErrno(
          "syscall",
          FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
          Linker.Option.firstVariadicArg(1));
  private static final MethodHandle EPOLL_CREATE =
      withErrno("epoll_create1", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle EPOLL_CTL =
      withErrno(
          "epoll_ctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
  private static final MethodHandle EPOLL_WAIT =
      withErrno(
          "epoll_wait", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
  private static final MethodHandle STRERROR =
      plain("strerror", FunctionDescriptor.of(ADDRESS, JAVA_INT));

  private static final MethodHandle SPAWN =
      plain(
          "posix_spawn",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
  private static final MethodHandle ATTR_INIT =
      plain("posix_spawnattr_init", FunctionDescriptor.of(JAVA_INT, ADDRESS));
  private static final MethodHandle ATTR_DESTROY =
      plain("posix_spawnattr_destroy", FunctionDescriptor.of(JAVA_INT, ADDRESS));
  private static final MethodHandle ATTR_FLAGS =
      plain(
          "posix_spawnattr_setflags",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, java.lang.foreign.ValueLayout.JAVA_SHORT));
  private static final MethodHandle ATTR_DEFAULTS =
      plain("posix_spawnattr_setsigdefault", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
  private static final MethodHandle ATTR_MASK =
      plain("posix_spawnattr_setsigmask", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
  private static final MethodHandle ACTIONS_INIT =
      plain("posix_spawn_file_actions_init", FunctionDescriptor.of(JAVA_INT, ADDRESS));
  private static final MethodHandle ACTIONS_DESTROY =
      plain("posix_spawn_file_actions_destroy", FunctionDescriptor.of(JAVA_INT, ADDRESS));
  private static final MethodHandle ACTIONS_OPEN =
      plain(
          "posix_spawn_file_actions_addopen",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
  private static final MethodHandle ACTIONS_CHDIR =
      plain(
          "posix_spawn_file_actions_addchdir_np",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));

  /// Since glibc 2.34; before, the JDK's own close-on-exec flags have to do.
  private static final Optional<MethodHandle> ACTIONS_CLOSEFROM =
      SYMBOLS
          .find("posix_spawn_file_actions_addclosefrom_np")
          .map(symbol ->
              LINKER.downcallHandle(symbol, FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT)));

  private static final MethodHandle SIGEMPTYSET =
      plain("sigemptyset", FunctionDescriptor.of(JAVA_INT, ADDRESS));

  private Libc() {}

  /// How a child of ours ended.
  public record Exit(int code, boolean signalled) {
    /// As a shell's `$?` says it.
    public int shellCode() {
      return signalled ? 128 + code : code;
    }
  }

  /// Starts a program as the leader of a session of its own: all signals at their defaults, none
  /// blocked, `/dev/null` as its three standard streams, no other descriptor.
  ///
  /// @return its process id; the caller waits for it
  public static int spawn(List<String> argv, List<String> environment, String workdir)
      throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attributes = arena.allocate(OPAQUE_STRUCT_BYTES, 16);
      MemorySegment actions = arena.allocate(OPAQUE_STRUCT_BYTES, 16);
      MemorySegment all = arena.allocate(OPAQUE_STRUCT_BYTES, 16);
      MemorySegment none = arena.allocate(OPAQUE_STRUCT_BYTES, 16);
      MemorySegment pid = arena.allocate(JAVA_INT);
      try {
        check("posix_spawnattr_init", (int) ATTR_INIT.invokeExact(attributes));
        check("posix_spawn_file_actions_init", (int) ACTIONS_INIT.invokeExact(actions));
        // Not by sigfillset, which leaves out two signals of glibc's own; posix_spawn would have
        // the child ignore them.
        all.fill((byte) 0xff);
        check("sigemptyset", (int) SIGEMPTYSET.invokeExact(none));
        check("setflags", (int) ATTR_FLAGS.invokeExact(attributes, SETSIGDEF_SETSIGMASK_SETSID));
        check("setsigdefault", (int) ATTR_DEFAULTS.invokeExact(attributes, all));
        check("setsigmask", (int) ATTR_MASK.invokeExact(attributes, none));
        MemorySegment nothing = arena.allocateFrom("/dev/null");
        for (int descriptor = 0; descriptor <= 2; descriptor++) {
          int readOrWrite = descriptor == 0 ? 0 : 1;
          check(
              "addopen",
              (int) ACTIONS_OPEN.invokeExact(actions, descriptor, nothing, readOrWrite, 0));
        }
        check("addchdir", (int) ACTIONS_CHDIR.invokeExact(actions, arena.allocateFrom(workdir)));
        if (ACTIONS_CLOSEFROM.isPresent()) {
          check("addclosefrom", (int) ACTIONS_CLOSEFROM.get().invokeExact(actions, 3));
        }
        int error =
            (int)
                SPAWN.invokeExact(
                    pid,
                    arena.allocateFrom(argv.getFirst()),
                    actions,
                    attributes,
                    strings(arena, argv),
                    strings(arena, environment));
        if (error != 0) {
          throw new IOException(
              "could not start %s in %s: %s".formatted(argv.getFirst(), workdir, message(error)));
        }
        return pid.get(JAVA_INT, 0);
      } finally {
        int ignored = (int) ATTR_DESTROY.invokeExact(attributes);
        ignored = (int) ACTIONS_DESTROY.invokeExact(actions);
      }
    } catch (IOException failed) {
      throw failed;
    } catch (Throwable unexpected) {
      throw new IllegalStateException("posix_spawn", unexpected);
    }
  }

  /// Sends a signal; a negative pid means the process group. False when there is no such process or
  /// it is not ours to signal.
  public static boolean kill(int pid, int signal) {
    return call(KILL, pid, signal) >= 0;
  }

  /// Takes the exit of a child of ours, if it has ended. Empty also for what is no child.
  public static Optional<Exit> reap(int pid) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment status = arena.allocate(JAVA_INT);
      return call(WAITPID, pid, status, WNOHANG) > 0
          ? Optional.of(exit(status.get(JAVA_INT, 0)))
          : Optional.empty();
    }
  }

  /// Takes the exits of all children that have ended. Only for a program that starts none by the
  /// JDK's `Process`, which would lose theirs.
  public static int reapAll() {
    int reaped = 0;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment status = arena.allocate(JAVA_INT);
      while (call(WAITPID, -1, status, WNOHANG) > 0) {
        reaped++;
      }
    }
    return reaped;
  }

  private static Exit exit(int status) {
    int signal = status & 0x7f;
    return signal == 0 ? new Exit((status >> 8) & 0xff, false) : new Exit(signal, true);
  }

  /// Nobody but root may read this process's memory, environment or descriptors through `/proc`.
  public static boolean makeUndumpable() {
    return call(PRCTL, PR_SET_DUMPABLE, 0L, 0L, 0L, 0L) == 0;
  }

  /// Orphaned descendants become children of this process.
  public static boolean becomeSubreaper() {
    return call(PRCTL, PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L) == 0;
  }

  /// Frees the blocks of a range; the file's size stays, and the range reads as NULs. False where
  /// the file system cannot.
  public static boolean punchHole(String path, long offset, long length) {
    try (Arena arena = Arena.ofConfined()) {
      long descriptor = call(OPEN, arena.allocateFrom(path), O_WRONLY_CLOEXEC);
      if (descriptor < 0) {
        return false;
      }
      try {
        int mode = FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE;
        return call(FALLOCATE, (int) descriptor, mode, offset, length) == 0;
      } finally {
        close((int) descriptor);
      }
    }
  }

  /// A descriptor that becomes readable when the process ends, be it our child or not; empty when
  /// it has ended.
  public static Optional<Integer> pidfd(int pid) {
    long descriptor = call(SYSCALL, SYS_PIDFD_OPEN, (long) pid, 0L);
    return descriptor < 0 ? Optional.empty() : Optional.of((int) descriptor);
  }

  /// Reads an inherited descriptor to its end, at most so many bytes, and closes it. Empty when it
  /// is not open. (`/proc/self/fd` would open it anew, which the rights of a pipe forbid.)
  public static byte[] readInherited(int descriptor, int bytesMax) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(bytesMax);
      long size = 0;
      while (size < bytesMax) {
        long n = call(READ, descriptor, buffer.asSlice(size), bytesMax - size);
        if (n <= 0) {
          break;
        }
        size += n;
      }
      close(descriptor);
      return buffer.asSlice(0, size).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
    }
  }

  public static void close(int descriptor) {
    call(CLOSE, descriptor);
  }

  static int epollCreate() throws IOException {
    long epoll = call(EPOLL_CREATE, 0x80000);
    if (epoll < 0) {
      throw new IOException("epoll_create1: " + message((int) -epoll));
    }
    return (int) epoll;
  }

  /// Watches a descriptor until it is readable once (EPOLLONESHOT).
  static void epollAdd(int epoll, int descriptor) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment event = arena.allocate(16, 8);
      event.set(JAVA_INT, 0, EPOLLIN | (1 << 30));
      event.set(JAVA_INT, EPOLL_DATA_OFFSET, descriptor);
      long result = call(EPOLL_CTL, epoll, 1, descriptor, event);
      if (result < 0) {
        throw new IOException("epoll_ctl: " + message((int) -result));
      }
    }
  }

  /// The event's data; the struct is packed (12 bytes) on x86-64 only.
  private static final boolean PACKED = System.getProperty("os.arch", "").equals("amd64");

  private static final long EPOLL_DATA_OFFSET = PACKED ? 4 : 8;
  private static final long EPOLL_EVENT_BYTES = PACKED ? 12 : 16;

  /// Waits for watched descriptors, at most `timeoutMs`.
  static int[] epollWait(int epoll, int timeoutMs) {
    int eventsMax = 64;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment events = arena.allocate(EPOLL_EVENT_BYTES * eventsMax, 8);
      int n = (int) Math.max(0, call(EPOLL_WAIT, epoll, events, eventsMax, timeoutMs));
      int[] descriptors = new int[n];
      for (int i = 0; i < n; i++) {
        descriptors[i] =
            events.get(
                java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED,
                i * EPOLL_EVENT_BYTES + EPOLL_DATA_OFFSET);
      }
      return descriptors;
    }
  }

  /// The call's result, or the negated errno.
  private static long call(MethodHandle handle, Object... arguments) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CALL_STATE);
      Object[] all = new Object[arguments.length + 1];
      all[0] = state;
      System.arraycopy(arguments, 0, all, 1, arguments.length);
      while (true) {
        Number result = (Number) handle.invokeWithArguments(all);
        if (result.longValue() >= 0) {
          return result.longValue();
        }
        int errno = (int) ERRNO.get(state, 0L);
        if (errno != EINTR) {
          return errno == 0 ? -ESRCH : -errno;
        }
      }
    } catch (Throwable unexpected) {
      throw new IllegalStateException("system call", unexpected);
    }
  }

  private static MemorySegment strings(Arena arena, List<String> texts) {
    MemorySegment array = arena.allocate(ADDRESS, texts.size() + 1L);
    for (int i = 0; i < texts.size(); i++) {
      array.setAtIndex(ADDRESS, i, arena.allocateFrom(texts.get(i)));
    }
    array.setAtIndex(ADDRESS, texts.size(), MemorySegment.NULL);
    return array;
  }

  private static void check(String what, int error) throws IOException {
    if (error != 0) {
      throw new IOException(what + ": " + message(error));
    }
  }

  private static String message(int errno) {
    try {
      MemorySegment text = (MemorySegment) STRERROR.invokeExact(errno);
      return text.reinterpret(256).getString(0);
    } catch (Throwable unexpected) {
      return "error " + errno;
    }
  }

  private static MethodHandle plain(String name, FunctionDescriptor descriptor) {
    return LINKER.downcallHandle(symbol(name), descriptor);
  }

  private static MethodHandle withErrno(
      String name, FunctionDescriptor descriptor, Linker.Option... options) {
    Linker.Option[] all = java.util.Arrays.copyOf(options, options.length + 1);
    all[options.length] = Linker.Option.captureCallState("errno");
    return LINKER.downcallHandle(symbol(name), descriptor, all);
  }

  private static MemorySegment symbol(String name) {
    return SYMBOLS
        .find(name)
        .orElseThrow(() ->
            new UnsupportedOperationException(
                "the C library has no " + name + "; the daemon needs glibc 2.29 or newer"));
  }
}
