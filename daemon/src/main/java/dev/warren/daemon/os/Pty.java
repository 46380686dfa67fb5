package dev.warren.daemon.os;

import static dev.warren.daemon.os.NativeCalls.withErrno;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.warren.daemon.os.Spawn.Streams;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// A program with a terminal of its own, seen from the terminal's side. One thread reads, one
/// writes; both may be virtual.
public final class Pty implements AutoCloseable {
  private static final int O_RDWR_NOCTTY_CLOEXEC = 2 | 0x100 | 0x80000;
  private static final long TIOCSWINSZ = 0x5414;
  private static final int SLAVE_NAME_BYTES = 128;

  private static final MethodHandle OPENPT =
      withErrno("posix_openpt", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle GRANTPT =
      withErrno("grantpt", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle UNLOCKPT =
      withErrno("unlockpt", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle PTSNAME =
      withErrno("ptsname_r", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle IOCTL =
      withErrno(
          "ioctl",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
          Linker.Option.firstVariadicArg(2));

  private final Descriptor master;
  private final Child child;

  private Pty(Descriptor master, Child child) {
    this.master = master;
    this.child = child;
  }

  /// Starts the program with a new terminal as its controlling one.
  public static Pty start(Exits exits, Program program, WindowSize size) throws IOException {
    return exits.inTurn(() -> startNow(exits, program, size));
  }

  private static Pty startNow(Exits exits, Program program, WindowSize size) throws IOException {
    int number = (int) NativeCalls.checked("posix_openpt", OPENPT, O_RDWR_NOCTTY_CLOEXEC);
    Descriptor master;
    try {
      master = new Descriptor(number, exits.poller());
    } catch (IOException failed) {
      NativeCalls.close(number);
      throw failed;
    }
    try (Arena arena = Arena.ofConfined()) {
      NativeCalls.checked("grantpt", GRANTPT, number);
      NativeCalls.checked("unlockpt", UNLOCKPT, number);
      MemorySegment name = arena.allocate(SLAVE_NAME_BYTES);
      NativeCalls.checked("ptsname_r", PTSNAME, number, name, (long) SLAVE_NAME_BYTES);
      resize(number, size);
      Child child = exits.spawn(program, new Streams.Terminal(name.getString(0)));
      exits.watch(child.pid(), master::drain);
      return new Pty(master, child);
    } catch (IOException failed) {
      master.close();
      throw failed;
    }
  }

  /// The session's leader.
  public Child child() {
    return child;
  }

  /// What the session prints. Ends when the leader has ended and all it printed was read, also if
  /// something in the background still holds the terminal.
  public InputStream output() {
    return master.input();
  }

  /// What is typed; control characters are signals, as the terminal's settings say.
  public OutputStream input() {
    return master.output();
  }

  /// Programs in the foreground hear of it (SIGWINCH).
  public void resize(WindowSize size) {
    master.use(number -> resize(number, size));
  }

  private static void resize(int master, WindowSize size) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment winsize = arena.allocate(8, 2); // rows, columns, two of pixels
      winsize.setAtIndex(JAVA_SHORT, 0, (short) size.rows());
      winsize.setAtIndex(JAVA_SHORT, 1, (short) size.columns());
      NativeCalls.call(IOCTL, master, TIOCSWINSZ, winsize);
    }
  }

  /// Hangs up: the session's processes get SIGHUP.
  @Override
  public void close() {
    master.close();
  }
}
