package dev.warren.daemon.os;

import static dev.warren.daemon.os.NativeCalls.withErrno;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A pipe's or a terminal's descriptor for blocking use by virtual threads, one reader and one
/// writer: it never blocks in the kernel, and waits through the [Poller].
final class Descriptor implements AutoCloseable {
  private static final int F_GETFL = 3;
  private static final int F_SETFL = 4;
  private static final int O_NONBLOCK = 0x800;

  private static final MethodHandle FCNTL =
      withErrno(
          "fcntl",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT),
          Linker.Option.firstVariadicArg(2));

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final int number;
  private final Poller.Place place;

  /// Events that somebody waits for.
  @GuardedBy("lock")
  private int awaited;

  @GuardedBy("lock")
  private boolean drained;

  @GuardedBy("lock")
  private boolean closed;

  /// Takes over an open descriptor.
  Descriptor(int number, Poller poller) throws IOException {
    this.number = number;
    long flags = NativeCalls.checked("fcntl", FCNTL, number, F_GETFL, 0);
    NativeCalls.checked("fcntl", FCNTL, number, F_SETFL, (int) flags | O_NONBLOCK);
    this.place = poller.place(number, this::ready);
  }

  /// Like `InputStream.read`. A terminal without a program on its other side is at its end.
  int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    lock.lock();
    try {
      while (!closed) {
        long n = NativeCalls.read(number, target, offset, length);
        if (n > 0) {
          return (int) n;
        }
        if (n == 0 || n == -NativeCalls.EIO || (n == -NativeCalls.EAGAIN && drained)) {
          return -1;
        }
        if (n != -NativeCalls.EAGAIN) {
          throw new IOException("read: " + NativeCalls.message((int) -n));
        }
        await(Poller.READABLE);
      }
      return -1;
    } finally {
      lock.unlock();
    }
  }

  void write(byte[] source, int offset, int length) throws IOException {
    lock.lock();
    try {
      int at = offset;
      int end = offset + length;
      while (at < end) {
        if (closed) {
          throw new IOException("the program's input is closed");
        }
        long n = NativeCalls.write(number, source, at, end - at);
        if (n >= 0) {
          at += (int) n;
        } else if (n == -NativeCalls.EAGAIN && !drained) {
          await(Poller.WRITABLE);
        } else {
          int errno = n == -NativeCalls.EAGAIN ? NativeCalls.EPIPE : (int) -n;
          throw new IOException("write: " + NativeCalls.message(errno));
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /// From now on nothing more is waited for: readers get what there is, and then the end.
  void drain() {
    lock.lock();
    try {
      drained = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Runs something with the number while it surely is this descriptor's; not when it is closed.
  void use(java.util.function.IntConsumer action) {
    lock.lock();
    try {
      if (!closed) {
        action.accept(number);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      place.forget();
      NativeCalls.close(number);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void await(int event) throws IOException {
    awaited |= event;
    place.await(awaited);
    try {
      while ((awaited & event) != 0 && !closed && !drained) {
        changed.await();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for a program");
    }
  }

  private void ready(int events) {
    lock.lock();
    try {
      awaited &= ~events;
      if (awaited != 0 && !closed) {
        place.await(awaited);
      }
      changed.signalAll();
    } catch (IOException failed) {
      awaited = 0; // who waits tries again, and hears the failure
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Closing it closes the descriptor.
  InputStream input() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        return Descriptor.this.read(target, offset, length);
      }

      @Override
      public void close() {
        Descriptor.this.close();
      }
    };
  }

  /// Unbuffered. Closing it closes the descriptor.
  OutputStream output() {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] source, int offset, int length) throws IOException {
        Descriptor.this.write(source, offset, length);
      }

      @Override
      public void close() {
        Descriptor.this.close();
      }
    };
  }
}
