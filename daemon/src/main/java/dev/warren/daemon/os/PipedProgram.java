package dev.warren.daemon.os;

import static dev.warren.daemon.os.NativeCalls.withErrno;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.warren.daemon.os.Spawn.Streams;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/// A program with pipes for its three standard streams, without a terminal.
public final class PipedProgram implements AutoCloseable {
  private static final int O_CLOEXEC = 0x80000;
  private static final MethodHandle PIPE =
      withErrno("pipe2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));

  private final Descriptor input;
  private final Descriptor output;
  private final Descriptor error;
  private final Child child;

  private PipedProgram(Descriptor input, Descriptor output, Descriptor error, Child child) {
    this.input = input;
    this.output = output;
    this.error = error;
    this.child = child;
  }

  private record Pipe(int read, int write) {
    static Pipe open() throws IOException {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment ends = arena.allocate(JAVA_INT, 2);
        NativeCalls.checked("pipe2", PIPE, ends, O_CLOEXEC);
        return new Pipe(ends.getAtIndex(JAVA_INT, 0), ends.getAtIndex(JAVA_INT, 1));
      }
    }
  }

  public static PipedProgram start(Exits exits, Program program) throws IOException {
    return exits.inTurn(() -> startNow(exits, program));
  }

  private static PipedProgram startNow(Exits exits, Program program) throws IOException {
    List<Integer> theirs = new ArrayList<>();
    List<Descriptor> ours = new ArrayList<>();
    try {
      Pipe in = Pipe.open();
      theirs.add(in.read());
      Descriptor input = own(in.write(), exits, ours);
      Pipe out = Pipe.open();
      theirs.add(out.write());
      Descriptor output = own(out.read(), exits, ours);
      Pipe err = Pipe.open();
      theirs.add(err.write());
      Descriptor error = own(err.read(), exits, ours);
      Child child =
          exits.spawn(program, new Streams.Descriptors(in.read(), out.write(), err.write()));
      return new PipedProgram(input, output, error, child);
    } catch (IOException failed) {
      ours.forEach(Descriptor::close);
      throw failed;
    } finally {
      theirs.forEach(NativeCalls::close);
    }
  }

  private static Descriptor own(int number, Exits exits, List<Descriptor> ours) throws IOException {
    try {
      Descriptor descriptor = new Descriptor(number, exits.poller());
      ours.add(descriptor);
      return descriptor;
    } catch (IOException failed) {
      NativeCalls.close(number);
      throw failed;
    }
  }

  public Child child() {
    return child;
  }

  /// What the program reads; closing it is the end of its input.
  public OutputStream input() {
    return input.output();
  }

  /// What it prints; ends when nobody holds the other side any more, a background child included.
  public InputStream output() {
    return output.input();
  }

  public InputStream error() {
    return error.input();
  }

  @Override
  public void close() {
    input.close();
    output.close();
    error.close();
  }
}
