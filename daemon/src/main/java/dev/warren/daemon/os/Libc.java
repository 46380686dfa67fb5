package dev.warren.daemon.os;

import static dev.warren.daemon.os.NativeCalls.call;
import static dev.warren.daemon.os.NativeCalls.withErrno;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.Optional;

/// The C library's calls that the JDK has no word for.
public final class Libc {
  public static final int SIGHUP = 1;
  public static final int SIGKILL = 9;
  public static final int SIGTERM = 15;
  public static final int SIGSTOP = 19;

  private static final int PR_SET_DUMPABLE = 4;
  private static final int PR_SET_CHILD_SUBREAPER = 36;
  private static final int WNOHANG = 1;
  private static final int FALLOC_FL_KEEP_SIZE = 1;
  private static final int FALLOC_FL_PUNCH_HOLE = 2;
  private static final int O_WRONLY_CLOEXEC = 1 | 0x80000;
  private static final int PRIO_PGRP = 1;
  private static final long SYS_PIDFD_OPEN = 434; // the same on x86-64 and arm64

  private static final MethodHandle KILL =
      withErrno("kill", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle WAITPID =
      withErrno("waitpid", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle SETPRIORITY =
      withErrno("setpriority", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
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

  private Libc() {}

  /// How a child of ours ended.
  ///
  /// @param code its status, or the number of the signal that ended it
  public record Exit(int code, boolean signalled) {
    /// As a shell's `$?` says it.
    public int shellCode() {
      return signalled ? 128 + code : code;
    }
  }

  /// A child that was taken.
  record Reaped(int pid, Exit exit) {}

  /// Sends a signal; a negative pid means the process group. False when there is no such process or
  /// it is not ours to signal.
  public static boolean kill(int pid, int signal) {
    return call(KILL, pid, signal) >= 0;
  }

  /// Takes the exit of a child of ours, if it has ended; -1 means any child.
  static Optional<Reaped> reap(int pid) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment status = arena.allocate(JAVA_INT);
      long ended = call(WAITPID, pid, status, WNOHANG);
      return ended > 0
          ? Optional.of(new Reaped((int) ended, exit(status.get(JAVA_INT, 0))))
          : Optional.empty();
    }
  }

  private static Exit exit(int status) {
    int signal = status & 0x7f;
    return signal == 0 ? new Exit((status >> 8) & 0xff, false) : new Exit(signal, true);
  }

  /// Lowers the priority of a process group.
  static void nice(int group, int value) {
    call(SETPRIORITY, PRIO_PGRP, group, value);
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
        NativeCalls.close((int) descriptor);
      }
    }
  }

  /// A descriptor that becomes readable when the process ends, be it our child or not; the negated
  /// errno when there is none: `ESRCH` when it has ended, others where the kernel has no such thing
  /// or no descriptor is left.
  static int pidfd(int pid) {
    return (int) call(SYSCALL, SYS_PIDFD_OPEN, (long) pid, 0L);
  }

  /// Reads an inherited descriptor to its end, at most so many bytes, and closes it. Empty when it
  /// is not open. (`/proc/self/fd` would open it anew, which the rights of a pipe forbid.)
  public static byte[] readInherited(int descriptor, int bytesMax) {
    byte[] read = new byte[bytesMax];
    int size = 0;
    while (size < bytesMax) {
      long n = NativeCalls.read(descriptor, read, size, bytesMax - size);
      if (n <= 0) {
        break;
      }
      size += (int) n;
    }
    NativeCalls.close(descriptor);
    return Arrays.copyOf(read, size);
  }
}
