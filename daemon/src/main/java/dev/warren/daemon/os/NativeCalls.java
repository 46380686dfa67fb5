package dev.warren.daemon.os;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
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
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// How functions of the C library are found and called: a failure is a negated errno, and what a
/// signal interrupted is called again.
final class NativeCalls {
  static final int ESRCH = 3;
  static final int EINTR = 4;
  static final int EIO = 5;
  static final int EAGAIN = 11;
  static final int EPIPE = 32;

  /// Most bytes that one [#read] or [#write] moves.
  static final int TRANSFER_BYTES = 64 * 1024;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final SymbolLookup SYMBOLS = LINKER.defaultLookup();
  private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final MethodHandle CLOSE =
      withErrno("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle READ =
      withErrno("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle WRITE =
      withErrno("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle STRERROR =
      plain("strerror", FunctionDescriptor.of(ADDRESS, JAVA_INT));

  private NativeCalls() {}

  /// The call's result, or the negated errno.
  static long call(MethodHandle handle, Object... arguments) {
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

  /// Like [#call], and a failure is an exception that names what was tried, perhaps a [Shortage].
  static long checked(String what, MethodHandle handle, Object... arguments) throws IOException {
    long result = call(handle, arguments);
    if (result < 0) {
      throw Shortage.orFailure(what, (int) -result);
    }
    return result;
  }

  /// Bytes read into `target`, 0 at the end, or the negated errno.
  static long read(int descriptor, byte[] target, int offset, int length) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CALL_STATE);
      MemorySegment buffer = arena.allocate(Math.min(length, TRANSFER_BYTES));
      while (true) {
        long n = (long) READ.invokeExact(state, descriptor, buffer, buffer.byteSize());
        if (n >= 0) {
          MemorySegment.copy(buffer, JAVA_BYTE, 0, target, offset, (int) n);
          return n;
        }
        int errno = (int) ERRNO.get(state, 0L);
        if (errno != EINTR) {
          return -errno;
        }
      }
    } catch (Throwable unexpected) {
      throw new IllegalStateException("read", unexpected);
    }
  }

  /// Bytes written, which may be fewer, or the negated errno.
  static long write(int descriptor, byte[] source, int offset, int length) {
    int count = Math.min(length, TRANSFER_BYTES);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CALL_STATE);
      MemorySegment buffer = arena.allocate(count);
      MemorySegment.copy(source, offset, buffer, JAVA_BYTE, 0, count);
      while (true) {
        long n = (long) WRITE.invokeExact(state, descriptor, buffer, (long) count);
        if (n >= 0) {
          return n;
        }
        int errno = (int) ERRNO.get(state, 0L);
        if (errno != EINTR) {
          return -errno;
        }
      }
    } catch (Throwable unexpected) {
      throw new IllegalStateException("write", unexpected);
    }
  }

  static void close(int descriptor) {
    call(CLOSE, descriptor);
  }

  /// A NULL-terminated array of C strings.
  static MemorySegment strings(Arena arena, List<String> texts) {
    MemorySegment array = arena.allocate(ADDRESS, texts.size() + 1L);
    for (int i = 0; i < texts.size(); i++) {
      array.setAtIndex(ADDRESS, i, arena.allocateFrom(texts.get(i)));
    }
    array.setAtIndex(ADDRESS, texts.size(), MemorySegment.NULL);
    return array;
  }

  static String message(int errno) {
    try {
      MemorySegment text = (MemorySegment) STRERROR.invokeExact(errno);
      return text.reinterpret(256).getString(0);
    } catch (Throwable unexpected) {
      return "error " + errno;
    }
  }

  /// A function that returns its error, or none.
  static MethodHandle plain(String name, FunctionDescriptor descriptor) {
    return LINKER.downcallHandle(symbol(name), descriptor);
  }

  /// A function that newer C libraries have.
  static Optional<MethodHandle> ifThere(String name, FunctionDescriptor descriptor) {
    return SYMBOLS.find(name).map(symbol -> LINKER.downcallHandle(symbol, descriptor));
  }

  /// A function that sets errno: for [#call].
  static MethodHandle withErrno(
      String name, FunctionDescriptor descriptor, Linker.Option... options) {
    Linker.Option[] all = Arrays.copyOf(options, options.length + 1);
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
