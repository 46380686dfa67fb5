package dev.warren.server.workspace.sandbox;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// Plays the control plane in a process of its own: with a secret in its environment, an open
/// descriptor of its data folder, a key in its keyring and shared memory, it runs the attack in a
/// sandbox, twice, so that the second start meets what the first one planted. Arguments:
/// workspaces, data folder, JDK, attack program, the uid to drop to or `-`.
public final class SandboxStarter {
  private SandboxStarter() {}

  public static void main(String[] arguments) throws Exception {
    Path workspaces = Path.of(arguments[0]);
    Path data = Path.of(arguments[1]);
    Path attack = Path.of(arguments[3]);
    Sandbox sandbox = new SandboxProbe(workspaces, List.of(data), false).probe();
    System.out.println("isolation " + sandbox.isolation());
    SandboxUser user = HostUser.current().forNewWorkspace();
    WorkspaceFolder folder = new WorkspaceFolder(workspaces.resolve("attacked"));
    String bait = System.getenv("WARREN_BAIT");
    long sharedMemoryKey = expose(data);
    Process outside = new ProcessBuilder("sleep", "60").start();
    try {
      List<String> command = new ArrayList<>();
      command.addAll(
          List.of("/opt/warren/bin/java", "--enable-native-access=ALL-UNNAMED", "-Xmx128m"));
      command.addAll(List.of("/home/dev/Attack.java", bait, data.toString()));
      command.add(Long.toString(outside.pid()));
      command.add(Long.toString(sharedMemoryKey));
      // a first start, which makes the home; then what a hostile workspace leaves behind
      run(sandbox, spec(folder, user, arguments[2], List.of("/bin/sh", "-c", plant(data))));
      Files.copy(attack, folder.home().resolve("Attack.java"), StandardCopyOption.REPLACE_EXISTING);
      run(sandbox, spec(folder, user, arguments[2], command));
      System.out.println(Sandbox.logTail(folder));
      Path result = folder.home().resolve("result.txt");
      if (Files.exists(result)) {
        System.out.println(Files.readString(result));
      }
    } finally {
      outside.destroyForcibly();
      sandbox.stop(folder, Duration.ZERO);
      Sandbox.delete(folder);
    }
    System.out.println("removed " + !Files.exists(folder.root()));
  }

  private static String plant(Path data) {
    return "ln -s %s /home/dev/planted; ln -s %s /tmp/planted; ln -s %s /home/dev/.warren; "
            .formatted(data, data, data)
        + "ln -s /etc /home/dev/.config; mkdir -p /tmp/deep/er; chmod 0 /tmp/deep";
  }

  private static SandboxSpec spec(
      WorkspaceFolder folder, SandboxUser user, String jdk, List<String> command) {
    return new SandboxSpec(
        folder,
        user,
        "attacked",
        Path.of(jdk),
        List.of(),
        new SandboxLimits(512, 0, 512),
        command,
        "once");
  }

  private static void run(Sandbox sandbox, SandboxSpec spec) throws Exception {
    try {
      ProcessRef first = sandbox.start(spec);
      long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      while (first.isAlive() && System.nanoTime() < deadline) {
        Thread.onSpinWait();
        Thread.yield();
      }
      if (first.isAlive()) {
        System.out.println("the attack did not end");
      }
    } catch (SandboxException e) {
      // a command may end before its first process was seen
      if (!e.getMessage().contains("exit 0")) {
        throw e;
      }
    }
    sandbox.stop(spec.folder(), Duration.ZERO);
  }

  /// Leaves open what a careless starter leaves open: a folder's descriptor without close-on-exec,
  /// a key, and shared memory.
  private static long expose(Path data) throws Exception {
    Linker linker = Linker.nativeLinker();
    var syscall =
        linker.downcallHandle(
            linker.defaultLookup().find("syscall").orElseThrow(),
            FunctionDescriptor.of(
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG),
            Linker.Option.firstVariadicArg(1));
    long key = ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment folder = arena.allocateFrom(data.toString());
      MemorySegment word = arena.allocateFrom("user");
      try {
        long opened = (long) syscall.invoke(257L, -100L, folder.address(), 0x10000L, 0L, 0L);
        System.out.println("exposed descriptor " + opened);
        long added =
            (long) syscall.invoke(248L, word.address(), word.address(), word.address(), 4L, -3L);
        System.out.println("exposed key " + (added != -1));
        long memory = (long) syscall.invoke(29L, key, 4096L, 01000L | 0666L, 0L, 0L);
        System.out.println("exposed memory " + (memory != -1));
        // removed once its last user is gone; attached by nobody, so at the end of this process
        Runtime.getRuntime()
            .addShutdownHook(Thread.ofPlatform().unstarted(() -> forget(syscall, memory)));
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    }
    return key;
  }

  private static void forget(java.lang.invoke.MethodHandle syscall, long memory) {
    try {
      long unused = (long) syscall.invoke(31L, memory, 0L, 0L, 0L, 0L);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
