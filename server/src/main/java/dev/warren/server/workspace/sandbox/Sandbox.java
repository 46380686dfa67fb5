package dev.warren.server.workspace.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Starts, finds and stops the sandboxes of this host. They outlive the process that started them:
/// all that is known of one lies in its [WorkspaceFolder].
public final class Sandbox {
  /// How long bubblewrap may take until its first process is there; it takes 25 ms.
  private static final Duration START_TIMEOUT = Duration.ofSeconds(20);

  /// How long after a KILL a process may still be seen.
  private static final Duration KILL_TIMEOUT = Duration.ofSeconds(10);

  private static final long POLL_MS = 10;
  private static final int LOG_TAIL_CHARS = 2000;
  private static final Pattern CHILD_PID = Pattern.compile("\"child-pid\": *(\\d+)");

  private final List<Path> hidden;
  private final HostUser hostUser;
  private final Isolation isolation;

  /// @param hidden the control plane's own folders: never seen inside
  /// @param isolation as [SandboxProbe] found it
  Sandbox(List<Path> hidden, HostUser hostUser, Isolation isolation) {
    this.hidden = List.copyOf(hidden);
    this.hostUser = hostUser;
    this.isolation = isolation;
  }

  public Isolation isolation() {
    return isolation;
  }

  public boolean isIsolated() {
    return isolation != Isolation.NONE;
  }

  /// Ends the sandbox with all that runs in it; none is fine.
  public void stop(WorkspaceFolder folder, Duration grace)
      throws SandboxException, InterruptedException {
    stop(folder, grace, !isIsolated());
  }

  /// Whose the workspace's files are; for a new one, who is to get them.
  public SandboxUser userOf(WorkspaceFolder folder) throws SandboxException {
    return hostUser.ownerOf(folder).orElseGet(hostUser::forNewWorkspace);
  }

  /// Starts the command in a new sandbox and returns its first process. What an earlier one left in
  /// the home stays, its `/tmp` does not.
  public ProcessRef start(SandboxSpec spec) throws SandboxException, InterruptedException {
    WorkspaceFolder folder = spec.folder();
    Process starter;
    try {
      prepare(spec);
      empty(hostUser, folder.tmp(), spec.user());
      starter = launch(spec);
    } catch (IOException e) {
      throw new SandboxException("cannot prepare the sandbox in " + folder.root() + ": " + e, e);
    }
    long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
    while (System.nanoTime() < deadline) {
      Optional<ProcessRef> first = firstProcess(folder);
      if (first.isPresent()) {
        remember(folder, first.get());
        return first.get();
      }
      if (starter.waitFor(POLL_MS, TimeUnit.MILLISECONDS)) {
        throw new SandboxException(
            "the sandbox did not start (exit " + starter.exitValue() + "): " + logTail(folder));
      }
    }
    starter.destroyForcibly();
    throw new SandboxException(
        "the sandbox did not start within " + START_TIMEOUT + ": " + logTail(folder));
  }

  /// Runs a short command to its end in a sandbox.
  int run(SandboxSpec spec) throws SandboxException, InterruptedException {
    try {
      prepare(spec);
      Process process = launch(spec);
      if (!process.waitFor(START_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new SandboxException("the command did not end within " + START_TIMEOUT);
      }
      return process.exitValue();
    } catch (IOException e) {
      throw new SandboxException("cannot run in " + spec.folder().root() + ": " + e, e);
    }
  }

  /// The first process of the workspace's sandbox, when it runs.
  public static Optional<ProcessRef> find(WorkspaceFolder folder) {
    try {
      return ProcessRef.parse(Files.readString(folder.identity())).filter(ProcessRef::isAlive);
    } catch (IOException _) {
      return startedUnseen(folder);
    }
  }

  /// Ends the sandbox with all that runs in it; none is fine.
  ///
  /// @param grace for the supervisor to end the daemon in order; then the kernel ends the rest
  /// @param unisolated whether it runs without a sandbox
  public static void stop(WorkspaceFolder folder, Duration grace, boolean unisolated)
      throws SandboxException, InterruptedException {
    Optional<ProcessRef> found = find(folder);
    if (found.isPresent()) {
      ProcessRef first = found.get();
      supervisor(first, unisolated).ifPresent(ProcessHandle::destroy);
      if (!awaitEnd(first, grace)) {
        kill(first, unisolated);
        if (!awaitEnd(first, KILL_TIMEOUT)) {
          throw new SandboxException(
              "process " + first.pid() + " of " + folder.root() + " does not end");
        }
      }
    }
    try {
      Files.deleteIfExists(folder.identity());
      Files.deleteIfExists(folder.status());
    } catch (IOException e) {
      throw new SandboxException("cannot clear " + folder.run() + ": " + e, e);
    }
    Cgroup.remove(cgroupName(folder));
  }

  /// Removes all that the workspace has on this host; it must be stopped.
  public static void delete(WorkspaceFolder folder) throws SandboxException, InterruptedException {
    HostUser hostUser = HostUser.current();
    try {
      if (Files.isDirectory(folder.root())) {
        Optional<SandboxUser> owner = hostUser.ownerOf(folder);
        if (owner.isPresent()) {
          empty(hostUser, folder.home(), owner.get());
          empty(hostUser, folder.tmp(), owner.get());
        }
        FolderRemoval.remove(folder.root());
      }
    } catch (IOException e) {
      throw new SandboxException("cannot remove " + folder.root() + ": " + e, e);
    }
  }

  /// The last lines that the start and the supervisor printed.
  public static String logTail(WorkspaceFolder folder) {
    try {
      String log = Files.readString(folder.log()).strip();
      return log.length() <= LOG_TAIL_CHARS
          ? log
          : "…" + log.substring(log.length() - LOG_TAIL_CHARS);
    } catch (IOException e) {
      return "(its log cannot be read: " + e.getMessage() + ")";
    }
  }

  private void prepare(SandboxSpec spec) throws IOException, SandboxException {
    WorkspaceFolder folder = spec.folder();
    Files.createDirectories(folder.root());
    mode(folder.root(), "rwx--x--x");
    for (Path own : List.of(folder.home(), folder.tmp())) {
      if (!Files.isDirectory(own)) {
        Files.createDirectory(own);
        mode(own, "rwx------");
        hostUser.giveTo(spec.user(), own);
      }
    }
    Files.createDirectories(folder.etc());
    mode(folder.etc(), "rwxr-xr-x");
    Files.createDirectories(folder.run());
    mode(folder.run(), "rwx------");
    int uid = spec.user().uid();
    write(
        folder.etc().resolve("passwd"),
        "root:x:0:0:root:/root:/usr/sbin/nologin\n"
            + ("dev:x:" + uid + ":" + hostUser.gid(spec.user()) + "::/home/dev:/bin/bash\n")
            + "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n");
    write(
        folder.etc().resolve("group"),
        "root:x:0:\ndev:x:" + hostUser.gid(spec.user()) + ":\nnogroup:x:65534:\n");
    Files.write(folder.arguments(), SandboxArguments.of(spec, hidden));
    Files.write(folder.seccomp(), SeccompProgram.of(System.getProperty("os.arch")));
    Files.write(folder.log(), new byte[0]);
    mode(folder.log(), "rw-------");
    Files.deleteIfExists(folder.identity());
    Files.deleteIfExists(folder.status());
  }

  private static void write(Path file, String text) throws IOException {
    Files.writeString(file, text);
    mode(file, "rw-r--r--");
  }

  private static void mode(Path file, String mode) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }

  private Process launch(SandboxSpec spec) throws IOException {
    String cgroups =
        Cgroup.create(cgroupName(spec.folder()), spec.limits()).stream()
            .map(Path::toString)
            .collect(Collectors.joining(":"));
    List<String> command = new ArrayList<>();
    command.addAll(List.of("/bin/sh", "-c", script(), "start.sh"));
    command.add(spec.folder().root().toString());
    command.add(
        switch (spec.user()) {
          case SandboxUser.Own _ -> "-";
          case SandboxUser.Dropped(int uid) -> Integer.toString(uid);
        });
    command.add(isolation.toString());
    command.add(Integer.toString(spec.limits().processesMax()));
    command.add(cgroups);
    command.addAll(spec.command());
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(Path.of("/").toFile());
    builder.environment().clear();
    builder.environment().put("PATH", HostUser.PATH);
    builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    Process process = builder.start();
    try (OutputStream secret = process.getOutputStream()) {
      secret.write(spec.secret().getBytes(UTF_8));
    } catch (IOException _) {
      // the starter is gone already: its log says why
    }
    return process;
  }

  private static String script() throws IOException {
    try (var in = Sandbox.class.getResourceAsStream("start.sh")) {
      if (in == null) {
        throw new IOException("start.sh is not on the class path");
      }
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  private static Optional<ProcessRef> firstProcess(WorkspaceFolder folder) {
    try {
      Matcher status = CHILD_PID.matcher(Files.readString(folder.status()));
      return status.find() ? ProcessRef.of(Long.parseLong(status.group(1))) : Optional.empty();
    } catch (IOException _) {
      return Optional.empty(); // not yet
    }
  }

  /// The starter died between bubblewrap's start and [#remember]: the process that the status names
  /// is the sandbox's if it started when the status was written.
  private static Optional<ProcessRef> startedUnseen(WorkspaceFolder folder) {
    Optional<ProcessRef> first = firstProcess(folder);
    if (first.isEmpty()) {
      return first;
    }
    try {
      long writtenMs = Files.getLastModifiedTime(folder.status()).toMillis();
      long startedMs =
          ProcessHandle.of(first.get().pid())
              .flatMap(process -> process.info().startInstant())
              .map(java.time.Instant::toEpochMilli)
              .orElse(0L);
      boolean same = Math.abs(writtenMs - startedMs) < 3000;
      if (same) {
        remember(folder, first.get());
      }
      return same ? first : Optional.empty();
    } catch (IOException | UncheckedIOException _) {
      return Optional.empty();
    }
  }

  private static void remember(WorkspaceFolder folder, ProcessRef first) {
    Path next = folder.run().resolve("identity." + UUID.randomUUID());
    try {
      Files.writeString(next, first.toString());
      Files.move(next, folder.identity(), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + folder.identity(), e);
    }
  }

  /// What the sandbox's init started: ends in order on TERM, which the init itself ignores.
  private static Optional<ProcessHandle> supervisor(ProcessRef first, boolean unisolated) {
    Optional<ProcessHandle> init = ProcessHandle.of(first.pid());
    return unisolated ? init : init.flatMap(process -> process.children().findFirst());
  }

  private static void kill(ProcessRef first, boolean unisolated) {
    Optional<ProcessHandle> init = ProcessHandle.of(first.pid());
    if (unisolated) {
      init.ifPresent(process -> process.descendants().forEach(ProcessHandle::destroyForcibly));
    }
    init.filter(_ -> first.isAlive()).ifPresent(ProcessHandle::destroyForcibly);
  }

  private static boolean awaitEnd(ProcessRef process, Duration timeout)
      throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (process.isAlive()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      Thread.sleep(POLL_MS);
    }
    return true;
  }

  /// Empties a folder of the workspace with the workspace's own rights: links that it planted lead
  /// nowhere that it could not go itself.
  private static void empty(HostUser hostUser, Path folder, SandboxUser user)
      throws IOException, InterruptedException {
    if (Files.isDirectory(folder)) {
      hostUser.runAs(
          user,
          List.of(
              "/bin/sh",
              "-c",
              "chmod -R u+rwX -- \"$1\" 2>/dev/null; exec find \"$1\" -mindepth 1 -delete",
              "sh",
              folder.toString()));
    }
  }

  private static String cgroupName(WorkspaceFolder folder) {
    return folder.root().getFileName().toString();
  }
}
