package dev.warren.daemon.os;

import static dev.warren.daemon.os.NativeCalls.plain;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// Starts programs by `posix_spawn`, never by a fork of the JVM: each is the leader of a session of
/// its own, with all signals at their defaults, none blocked, and no descriptor but its standard
/// streams.
final class Spawn {
  private static final short SETSIGDEF_SETSIGMASK_SETSID = 0x04 | 0x08 | 0x80;
  private static final int O_RDWR = 2;

  /// glibc's posix_spawnattr_t has 336 bytes, its posix_spawn_file_actions_t 80, sigset_t 128.
  private static final long OPAQUE_STRUCT_BYTES = 512;

  private static final MethodHandle SPAWN =
      plain(
          "posix_spawn",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
  private static final MethodHandle ATTR_INIT =
      plain("posix_spawnattr_init", FunctionDescriptor.of(JAVA_INT, ADDRESS));
  private static final MethodHandle ATTR_DESTROY =
      plain("posix_spawnattr_destroy", FunctionDescriptor.of(JAVA_INT, ADDRESS));
  private static final MethodHandle ATTR_FLAGS =
      plain("posix_spawnattr_setflags", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_SHORT));
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
  private static final MethodHandle ACTIONS_DUP2 =
      plain(
          "posix_spawn_file_actions_adddup2",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
  private static final MethodHandle ACTIONS_CHDIR =
      plain(
          "posix_spawn_file_actions_addchdir_np",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));

  /// Since glibc 2.34; before, the JDK's own close-on-exec flags have to do.
  private static final Optional<MethodHandle> ACTIONS_CLOSEFROM =
      NativeCalls.ifThere(
          "posix_spawn_file_actions_addclosefrom_np",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));

  private static final MethodHandle SIGEMPTYSET =
      plain("sigemptyset", FunctionDescriptor.of(JAVA_INT, ADDRESS));

  private Spawn() {}

  /// What the program's standard streams are.
  sealed interface Streams {
    /// `/dev/null`, all three.
    record Nothing() implements Streams {}

    /// A terminal, which becomes the session's controlling one.
    ///
    /// @param path the slave's device
    record Terminal(String path) implements Streams {}

    /// Open descriptors above 2.
    record Descriptors(int input, int output, int error) implements Streams {}
  }

  /// @return its process id; the caller waits for it
  static int start(Program program, Streams streams) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attributes = arena.allocate(OPAQUE_STRUCT_BYTES, 16);
      MemorySegment actions = arena.allocate(OPAQUE_STRUCT_BYTES, 16);
      MemorySegment pid = arena.allocate(JAVA_INT);
      try {
        attributes(arena, attributes);
        actions(arena, actions, streams, program.workdir());
        int error =
            (int)
                SPAWN.invokeExact(
                    pid,
                    arena.allocateFrom(program.argv().getFirst()),
                    actions,
                    attributes,
                    NativeCalls.strings(arena, program.argv()),
                    NativeCalls.strings(arena, program.environment()));
        if (error != 0) {
          throw Shortage.orFailure(
              "could not start %s in %s".formatted(program.argv().getFirst(), program.workdir()),
              error);
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

  private static void attributes(Arena arena, MemorySegment attributes) throws Throwable {
    MemorySegment all = arena.allocate(OPAQUE_STRUCT_BYTES, 16);
    MemorySegment none = arena.allocate(OPAQUE_STRUCT_BYTES, 16);
    check("posix_spawnattr_init", (int) ATTR_INIT.invokeExact(attributes));
    // Not by sigfillset, which leaves out two signals of glibc's own; posix_spawn would have the
    // child ignore them.
    all.fill((byte) 0xff);
    check("sigemptyset", (int) SIGEMPTYSET.invokeExact(none));
    check("setflags", (int) ATTR_FLAGS.invokeExact(attributes, SETSIGDEF_SETSIGMASK_SETSID));
    check("setsigdefault", (int) ATTR_DEFAULTS.invokeExact(attributes, all));
    check("setsigmask", (int) ATTR_MASK.invokeExact(attributes, none));
  }

  private static void actions(Arena arena, MemorySegment actions, Streams streams, String workdir)
      throws Throwable {
    check("posix_spawn_file_actions_init", (int) ACTIONS_INIT.invokeExact(actions));
    switch (streams) {
      case Streams.Nothing _ -> {
        MemorySegment nothing = arena.allocateFrom("/dev/null");
        for (int descriptor = 0; descriptor <= 2; descriptor++) {
          int readOrWrite = descriptor == 0 ? 0 : 1;
          check(
              "addopen",
              (int) ACTIONS_OPEN.invokeExact(actions, descriptor, nothing, readOrWrite, 0));
        }
      }
      case Streams.Terminal terminal -> {
        // Without O_NOCTTY, by the leader of a new session: so it becomes the controlling one.
        MemorySegment path = arena.allocateFrom(terminal.path());
        check("addopen", (int) ACTIONS_OPEN.invokeExact(actions, 0, path, O_RDWR, 0));
        check("adddup2", (int) ACTIONS_DUP2.invokeExact(actions, 0, 1));
        check("adddup2", (int) ACTIONS_DUP2.invokeExact(actions, 0, 2));
      }
      case Streams.Descriptors(int input, int output, int error) -> {
        check("adddup2", (int) ACTIONS_DUP2.invokeExact(actions, input, 0));
        check("adddup2", (int) ACTIONS_DUP2.invokeExact(actions, output, 1));
        check("adddup2", (int) ACTIONS_DUP2.invokeExact(actions, error, 2));
      }
    }
    check("addchdir", (int) ACTIONS_CHDIR.invokeExact(actions, arena.allocateFrom(workdir)));
    if (ACTIONS_CLOSEFROM.isPresent()) {
      check("addclosefrom", (int) ACTIONS_CLOSEFROM.get().invokeExact(actions, 3));
    }
  }

  private static void check(String what, int error) throws IOException {
    if (error != 0) {
      throw new IOException(what + ": " + NativeCalls.message(error));
    }
  }
}
