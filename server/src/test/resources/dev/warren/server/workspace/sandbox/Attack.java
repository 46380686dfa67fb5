import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Runs inside a sandbox and tries to get out (x86-64). Each line of `result.txt` is
/// `NAME<TAB>held|BROKEN|open<TAB>DETAIL`; `open` is what the sandbox does not promise.
/// Arguments: the bait that must not be found, the host's data folder, a host process, a SysV key.
public class Attack {
  static final List<String> LINES = new ArrayList<>();
  static final Linker LINKER = Linker.nativeLinker();
  static final MemoryLayout STATE = Linker.Option.captureStateLayout();
  static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  static final MethodHandle SYSCALL =
      LINKER.downcallHandle(
          LINKER.defaultLookup().find("syscall").orElseThrow(),
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
          Linker.Option.firstVariadicArg(1),
          Linker.Option.captureCallState("errno"));

  static long syscall(long number, long... given) throws Throwable {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      long[] a = java.util.Arrays.copyOf(given, 5);
      long result = (long) SYSCALL.invoke(state, number, a[0], a[1], a[2], a[3], a[4]);
      return result == -1 ? -(int) ERRNO.get(state, 0L) : result;
    }
  }

  static void line(String name, boolean broken, Object detail) {
    LINES.add(name + "\t" + (broken ? "BROKEN" : "held") + "\t" + detail);
  }

  /// A call that must fail.
  static void refused(String name, long number, long... arguments) throws Throwable {
    long result = syscall(number, arguments);
    line(name, result >= 0, "returns " + result);
  }

  static void unreadable(String name, String path) {
    try {
      Path file = Path.of(path);
      if (Files.isDirectory(file)) {
        try (Stream<Path> found = Files.list(file)) {
          line(name, true, "listed " + found.toList());
        }
      } else {
        byte[] bytes = Files.readAllBytes(file);
        line(name, true, "read " + bytes.length + " bytes");
      }
    } catch (IOException e) {
      line(name, false, e.getClass().getSimpleName());
    }
  }

  static void unwritable(String name, String path) {
    try {
      Files.writeString(
          Path.of(path), "|/bin/false", StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      line(name, true, "written");
    } catch (IOException e) {
      line(name, false, e.getClass().getSimpleName());
    }
  }

  static long text(Arena arena, String value) {
    return arena.allocateFrom(value).address();
  }

  static String status(String field) throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith(field + ":"))
        .map(line -> line.substring(field.length() + 1).strip())
        .findFirst()
        .orElse("?");
  }

  public static void main(String[] arguments) throws Throwable {
    String bait = arguments[0];
    String data = arguments[1];
    long outside = Long.parseLong(arguments[2]);
    long sharedMemoryKey = Long.parseLong(arguments[3]);
    try (Arena arena = Arena.ofConfined()) {
      rights();
      environments(bait);
      descriptors();
      files(data);
      kernel(arena);
      processes(outside, sharedMemoryKey);
      network();
    }
    Files.write(Path.of("/home/dev/result.txt"), LINES);
  }

  static void rights() throws Throwable {
    line("capabilities: effective", Long.parseLong(status("CapEff"), 16) != 0, status("CapEff"));
    line("capabilities: inherited", Long.parseLong(status("CapInh"), 16) != 0, status("CapInh"));
    line("no_new_privs", !status("NoNewPrivs").equals("1"), status("NoNewPrivs"));
    line("seccomp filter", !status("Seccomp").equals("2"), status("Seccomp"));
    refused("setresuid(0)", 117, 0, 0, 0);
    refused("setgroups", 116, 0, 0);
    line("user is not root", syscall(102) == 0, "uid " + syscall(102));
  }

  static void environments(String bait) throws IOException {
    int seen = 0;
    List<String> found = new ArrayList<>();
    for (Path process : processes()) {
      for (String file : List.of("environ", "cmdline")) {
        try {
          String text = Files.readString(process.resolve(file), java.nio.charset.StandardCharsets.ISO_8859_1);
          seen++;
          // this program was told the bait on its own command line, to be able to look for it
          boolean own = process.endsWith(Long.toString(ProcessHandle.current().pid())) || text.contains("Attack.java");
          if (text.contains(bait) && !(own && file.equals("cmdline"))) {
            found.add(process + "/" + file);
          }
        } catch (IOException e) {
          // not ours to read
        }
      }
    }
    line("environment and arguments of all processes", !found.isEmpty() || seen < 2, seen + " read, bait in " + found);
  }

  static List<Path> processes() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc"))) {
      return all.filter(path -> path.getFileName().toString().matches("\\d+")).toList();
    }
  }

  static void descriptors() throws IOException {
    List<String> strange = new ArrayList<>();
    try (Stream<Path> all = Files.list(Path.of("/proc/1/fd"))) {
      for (Path fd : all.toList()) {
        strange.add(fd.getFileName() + "=" + target(fd));
      }
    } catch (IOException e) {
      strange.clear();
    }
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      for (Path fd : all.toList()) {
        String target = target(fd);
        boolean fine =
            target.equals("/dev/null")
                || target.startsWith("pipe:")
                || target.startsWith("anon_inode:")
                || target.startsWith("socket:")
                || target.startsWith("/opt/warren/")
                || target.startsWith("/proc/")
                || target.startsWith("/home/dev/")
                || target.endsWith("/run/log")
                || target.startsWith("/dev/");
        if (!fine && Integer.parseInt(fd.getFileName().toString()) < 1000) {
          strange.add(fd.getFileName() + "=" + target);
        }
      }
    }
    strange.removeIf(
        item ->
            item.matches("\\d+=(/dev/null|pipe:.*|anon_inode:.*|.*/run/log|socket:.*|gone)"));
    line("leaked descriptors", !strange.isEmpty(), strange);
    try {
      Files.write(Path.of("/proc/1/fd/1"), new byte[0], StandardOpenOption.TRUNCATE_EXISTING);
      LINES.add("truncate the start log\topen\tit is the workspace's own for an ordinary user");
    } catch (IOException e) {
      line("truncate the start log", false, e.getClass().getSimpleName());
    }
  }

  static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return "gone";
    }
  }

  static void files(String data) {
    unreadable("data folder", data);
    unreadable("a world-readable file of the data folder", data + "/bait");
    unreadable("data folder through pid 1's root", "/proc/1/root" + data);
    unreadable("planted link to the data folder", "/home/dev/planted");
    unreadable("root's home", "/root");
    unreadable("host's password hashes", "/etc/shadow");
    unreadable("host's cron tables", "/var/spool");
    unreadable("container socket", "/var/run/docker.sock");
    unreadable("kernel settings tree", "/sys/kernel");
    unreadable("kernel memory", "/proc/kcore");
    unwritable("core_pattern", "/proc/sys/kernel/core_pattern");
    unwritable("sysrq", "/proc/sysrq-trigger");
    unwritable("write to /usr", "/usr/planted");
    unwritable("write to /etc", "/etc/planted");
    unwritable("write to /", "/planted");
    unwritable("write to the bundle", "/opt/warren/planted");
    unwritable("write to /dev", "/dev/planted");
    unwritable("release_agent", "/sys/fs/cgroup/release_agent");
  }

  static void kernel(Arena arena) throws Throwable {
    long none = text(arena, "none");
    long usr = text(arena, "/usr");
    refused("mount a tmpfs", 165, none, text(arena, "/tmp"), text(arena, "tmpfs"), 0, 0);
    refused("remount /usr writable", 165, none, usr, none, 0x1020, 0);
    refused("umount /usr", 166, usr, 2);
    refused("chroot", 161, text(arena, "/tmp"));
    refused("pivot_root", 155, usr, usr);
    refused("unshare a user namespace", 272, 0x10000000);
    refused("unshare a mount namespace", 272, 0x00020000);
    refused("clone into a user namespace", 56, 0x10000000 | 17, 0, 0, 0, 0);
    refused("clone3", 435, 0, 0);
    refused("setns", 308, 0, 0);
    refused("open_tree", 428, -100, usr, 1);
    refused("fsopen", 430, text(arena, "tmpfs"), 0);
    refused("session keyring: read", 250, 0, -3, 0);
    refused("session keyring: add", 248, text(arena, "user"), none, none, 4, -3);
    refused("bpf", 321, 0, 0, 0);
    refused("perf_event_open", 298, 0, 0, -1, -1, 0);
    refused("userfaultfd", 323, 0);
    refused("io_uring_setup", 425, 8, arena.allocate(256).address());
    refused("name_to_handle_at", 303, -100, usr, arena.allocate(64).address(), arena.allocate(8).address(), 0);
    refused("open_by_handle_at", 304, -100, arena.allocate(64).address(), 0);
    refused("init_module", 175, 0, 0, none);
    refused("kernel log", 103, 3, arena.allocate(64).address(), 64);
    refused("set the clock", 227, 0, arena.allocate(16).address());
    refused("reboot", 169, 0xfee1dead, 672274793, 0x01234567, 0);
    refused("mknod a disk", 133, text(arena, "/home/dev/disk"), 0x6000 | 0600, 0x0800);
    refused("x32 call", 0x40000000 | 39);
    refused("sethostname", 170, none, 4);
    try (var terminal = Files.newByteChannel(Path.of("/dev/ptmx"), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      byte[] letter = {'x'};
      MemorySegment byteToPush = arena.allocateFrom(java.lang.foreign.ValueLayout.JAVA_BYTE, letter);
      for (int fd = 0; fd < 64; fd++) {
        if (target(Path.of("/proc/self/fd/" + fd)).endsWith("ptmx")) {
          refused("TIOCSTI", 16, fd, 0x5412, byteToPush.address());
          refused("TIOCSTI with high bits", 16, fd, 0x1_0000_5412L, byteToPush.address());
          refused("TIOCLINUX", 16, fd, 0x541c, byteToPush.address());
        }
      }
    }
    line("controlling terminal", Files.isReadable(Path.of("/dev/tty")) && canOpen("/dev/tty"), "opened: " + canOpen("/dev/tty"));
  }

  static boolean canOpen(String path) {
    try (var channel = Files.newByteChannel(Path.of(path))) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  static void processes(long outside, long sharedMemoryKey) throws Throwable {
    List<Path> seen = processes();
    line("sees processes of the host", seen.size() > 8, seen.size() + " processes");
    refused("signal a process of the host", 62, outside, 0);
    refused("trace a process of the host", 101, 16, outside, 0, 0);
    refused("shared memory of the host", 29, sharedMemoryKey, 0, 0);
  }

  static void network() throws IOException {
    String names = Files.readString(Path.of("/proc/net/unix"));
    long abstractNames = names.lines().filter(line -> line.contains(" @")).count();
    LINES.add("abstract sockets of the host\topen\tshared network, " + abstractNames + " seen");
  }
}
