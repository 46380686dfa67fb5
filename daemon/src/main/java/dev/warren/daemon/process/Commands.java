package dev.warren.daemon.process;

import dev.warren.daemon.DaemonException;
import dev.warren.daemon.os.Child;
import dev.warren.daemon.os.Exits;
import dev.warren.daemon.os.ProcStat;
import dev.warren.daemon.os.Program;
import dev.warren.daemon.store.DiskFull;
import dev.warren.daemon.store.Horizon;
import dev.warren.daemon.store.IdLocks;
import dev.warren.daemon.store.StateFolder;
import dev.warren.daemon.store.Tombstones;
import dev.warren.protocol.UuidV7;
import dev.warren.protocol.daemon.DaemonProblems;
import dev.warren.protocol.daemon.ProcessOutput;
import dev.warren.protocol.daemon.ProcessSignal;
import dev.warren.protocol.daemon.ProcessStart;
import dev.warren.protocol.daemon.ProcessState;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All commands of the store: starts them once, finds them again after a restart, ends them.
public final class Commands implements AutoCloseable {
  /// Commands that run at once.
  static final int RUNNING_MAX = 512;

  /// Ended commands that are remembered; beyond, the oldest goes and the horizon moves past it.
  static final int ENDED_MAX = 5_000;

  /// Commands in an answer to a listing.
  private static final int LISTED_MAX = 200;

  /// How long a cancelled command has between SIGTERM and SIGKILL.
  private static final long GRACE_MS = 1_000;

  /// How long after its acceptance a command that did not begin is still started.
  private static final long START_LATE_MS = 60_000;

  private static final long TRIM_EVERY_MS = 50;
  private static final long SWEEP_EVERY_MS = 600_000;

  private static final Logger LOG = LoggerFactory.getLogger(Commands.class);

  private final StateFolder state;
  private final Tombstones tombstones;
  private final Horizon horizon;
  private final IdLocks locks;
  private final Exits exits;
  private final CommandWatch watch;
  private final ChildEnvironment environment;
  private final WorkingFolder workingFolder;
  private final Clock clock;
  private final String bootId;
  private final Path wrapper;
  private final Optional<Path> cgroups;
  private final Map<UUID, Command> commands = new ConcurrentHashMap<>();

  /// Those whose outputs are trimmed; the trimmer takes out what has ended.
  private final Set<Command> growing = ConcurrentHashMap.newKeySet();

  private final Thread trimmer;
  private volatile boolean closed;

  /// Finds a folder by the name that a caller gave: absolute or below `~`.
  @FunctionalInterface
  public interface WorkingFolder {
    Path of(String name);
  }

  public Commands(
      StateFolder state,
      Tombstones tombstones,
      Horizon horizon,
      IdLocks locks,
      Exits exits,
      ChildEnvironment environment,
      WorkingFolder workingFolder,
      Clock clock)
      throws IOException {
    this.state = state;
    this.tombstones = tombstones;
    this.horizon = horizon;
    this.locks = locks;
    this.exits = exits;
    this.watch = new CommandWatch(exits);
    this.environment = environment;
    this.workingFolder = workingFolder;
    this.clock = clock;
    this.bootId = ProcStat.bootId();
    this.wrapper = state.root().resolve("wrap.sh");
    this.cgroups = Cgroup.parent(state.storeId());
    this.trimmer = Thread.ofVirtual().name("output-trimmer").unstarted(this::trim);
  }

  /// Finds what earlier daemons started.
  public void start() throws IOException {
    try (InputStream script = Commands.class.getResourceAsStream("wrap.sh")) {
      if (script == null) {
        throw new IllegalStateException("wrap.sh is not in the daemon's jar");
      }
      Path beside = wrapper.resolveSibling("wrap.sh.new");
      Files.copy(script, beside, StandardCopyOption.REPLACE_EXISTING);
      Files.move(beside, wrapper, StandardCopyOption.ATOMIC_MOVE);
    }
    try (DirectoryStream<Path> folders =
        Files.newDirectoryStream(state.effects(), Files::isDirectory)) {
      for (Path folder : folders) {
        if (folder.getFileName().toString().endsWith(".new")) {
          CommandFolder.delete(folder);
        } else {
          recover(new CommandFolder(folder));
        }
      }
    }
    sweep();
    trimmer.start();
  }

  private void recover(CommandFolder folder) throws IOException {
    CommandFolder.Intent intent;
    try {
      intent = folder.intent();
    } catch (IOException | RuntimeException broken) {
      LOG.warn("dropping {}: its intent cannot be read: {}", folder.path(), broken.toString());
      folder.delete();
      return;
    }
    boolean thisBoot = intent.bootId().equals(bootId);
    if (thisBoot && !folder.locked() && startLate(folder, intent)) {
      return;
    }
    Command command =
        new Command(
            folder, intent, cgroups.flatMap(parent -> Cgroup.existing(parent, intent.id())));
    add(command);
    boolean leaderGone = folder.leader().filter(leader -> !leader.alive()).isPresent();
    if (!thisBoot || leaderGone) {
      command.settle();
      return;
    }
    watch.follow(command);
  }

  /// Starts a command, or finds the one with this id.
  public ProcessState start(ProcessStart request) throws IOException {
    UUID id = request.id();
    horizon.check(id);
    CheckedStart start = CheckedStart.of(request);
    try (IdLocks.Held _ = locks.hold(id)) {
      Command known = commands.get(id);
      if (known != null) {
        if (!known.intent().inputHash().equals(start.inputHash())) {
          throw DaemonException.conflict(
              DaemonProblems.INPUT, "process " + id + " was started with another command");
        }
        return known.state();
      }
      if (Files.exists(state.effects().resolve(id + ".json"))) {
        throw DaemonException.conflict(
            DaemonProblems.INPUT, "the id " + id + " belongs to a file mutation");
      }
      if (tombstones.has(id)) {
        throw DaemonException.conflict(
            DaemonProblems.CANCELLED, "process " + id + " was cancelled before it started");
      }
      if (running() >= RUNNING_MAX) {
        throw new DaemonException(
            429,
            "about:blank",
            "Too many processes",
            RUNNING_MAX + " commands run already; end some first");
      }
      Path workdir = workingFolder.of(request.workdir().orElse("~"));
      if (!Files.isDirectory(workdir)) {
        throw DaemonException.badInput("workdir", "there is no folder " + workdir);
      }
      return spawn(
          new CommandFolder.Intent(
              id,
              request.command(),
              workdir.toString(),
              start.env(),
              start.inputHash(),
              bootId,
              clock.instant()),
          start.tooLongForAnArgument());
    }
  }

  /// Starts what was accepted and not begun, as when the daemon died in between. Its wrapper may be
  /// on its way: the lock lets one of the two begin. After a while the caller has given up, and it
  /// is as if it had never been accepted.
  ///
  /// @return whether the command is dealt with
  private boolean startLate(CommandFolder folder, CommandFolder.Intent intent) throws IOException {
    Instant latest = intent.acceptedAt().plusMillis(START_LATE_MS);
    if (clock.instant().isBefore(latest)) {
      try {
        launch(folder, intent);
        return true;
      } catch (IOException failed) {
        LOG.warn("{} cannot be started any more: {}", intent.id(), failed.toString());
      }
    }
    if (folder.takeLock()) {
      folder.delete();
      return true;
    }
    return false;
  }

  private ProcessState spawn(CommandFolder.Intent intent, boolean commandFile) throws IOException {
    CommandFolder folder;
    try {
      folder = CommandFolder.create(state.effects(), intent, commandFile);
    } catch (IOException failed) {
      throw DiskFull.rethrow(state.effects(), failed);
    }
    try {
      return launch(folder, intent).state();
    } catch (IOException failed) {
      folder.delete();
      throw failed;
    }
  }

  private Command launch(CommandFolder folder, CommandFolder.Intent intent) throws IOException {
    Optional<Cgroup> cgroup = cgroups.flatMap(parent -> Cgroup.create(parent, intent.id()));
    Child child;
    try {
      child =
          exits.spawn(
              new Program(
                  List.of(
                      "/bin/sh",
                      wrapper.toString(),
                      folder.path().toString(),
                      cgroup.map(group -> group.folder().toString()).orElse(""),
                      folder.hasCommandFile() ? "" : intent.command()),
                  environment.of(intent.id(), intent.env()),
                  intent.workdir()));
    } catch (IOException failed) {
      cgroup.ifPresent(Cgroup::remove);
      throw failed;
    }
    Command command = new Command(folder, intent, cgroup);
    add(command);
    watch.started(command, child);
    return command;
  }

  public Optional<ProcessState> find(UUID id) {
    return Optional.ofNullable(commands.get(id)).map(Command::state);
  }

  /// Running ones first, then the newest.
  public List<ProcessState> list() {
    return commands.values().stream()
        .map(Command::state)
        .sorted(
            Comparator.comparing(
                    (ProcessState process) -> process.status() != ProcessState.Status.RUNNING)
                .thenComparing(ProcessState::startedAt, Comparator.reverseOrder()))
        .limit(LISTED_MAX)
        .toList();
  }

  /// What the command wrote, after waiting for more or for its end.
  public ProcessOutput output(UUID id, Optional<Long> seenBytes, long waitMs)
      throws IOException, InterruptedException {
    Command command = known(id);
    if (waitMs > 0) {
      command.await(seenBytes, waitMs);
    }
    return command.excerpt();
  }

  public ProcessState signal(UUID id, ProcessSignal.Signal signal) throws IOException {
    Command command = known(id);
    switch (signal) {
      case SIGTERM -> command.terminate();
      case SIGKILL -> kill(command);
    }
    return command.state();
  }

  /// Ends a command and all that it started: politely, then by force. False when the id is not
  /// known.
  public boolean cancel(UUID id) throws IOException, InterruptedException {
    Command command = commands.get(id);
    if (command == null) {
      return false;
    }
    if (command.running()) {
      command.terminate();
      command.await(Optional.empty(), GRACE_MS);
    }
    if (command.running()) {
      kill(command);
    }
    command.killRest();
    return true;
  }

  private static void kill(Command command) throws IOException {
    if (!command.kill()) {
      LOG.warn("a process of {} does not end, even killed", command.id());
    }
    try {
      command.await(Optional.empty(), GRACE_MS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private Command known(UUID id) {
    Command command = commands.get(id);
    if (command == null) {
      horizon.check(id);
      throw DaemonException.notFound("process " + id + " is not known to this store");
    }
    return command;
  }

  private long running() {
    return commands.values().stream().filter(Command::running).count();
  }

  /// While commands run, looks at their outputs; otherwise sleeps until one starts.
  private void trim() {
    long nextSweepNanos = System.nanoTime() + SWEEP_EVERY_MS * 1_000_000;
    while (!closed) {
      growing.removeIf(command -> !command.running());
      growing.forEach(command -> command.output().trim());
      if (System.nanoTime() - nextSweepNanos >= 0) {
        nextSweepNanos = System.nanoTime() + SWEEP_EVERY_MS * 1_000_000;
        try {
          sweep();
        } catch (IOException failed) {
          LOG.warn("old outcomes could not be dropped: {}", failed.toString());
        }
      }
      long pauseMs = growing.isEmpty() ? SWEEP_EVERY_MS : TRIM_EVERY_MS;
      LockSupport.parkNanos(this, pauseMs * 1_000_000);
    }
  }

  private void add(Command command) {
    commands.put(command.id(), command);
    growing.add(command);
    LockSupport.unpark(trimmer);
  }

  /// Drops what the horizon refuses anyway, and what is too much.
  private void sweep() throws IOException {
    List<Command> ended =
        commands.values().stream()
            .filter(command -> !command.running())
            .sorted(Comparator.comparingLong(command -> UuidV7.unixMs(command.id())))
            .toList();
    int surplus = ended.size() - ENDED_MAX;
    for (int i = 0; i < ended.size(); i++) {
      Command command = ended.get(i);
      if (i < surplus) {
        horizon.raisePast(command.id());
      }
      if (UuidV7.unixMs(command.id()) < horizon.earliestMs()) {
        commands.remove(command.id());
        command.folder().delete();
      }
    }
    tombstones.sweep(horizon.earliestMs());
  }

  /// Stops watching; what runs goes on.
  @Override
  public void close() {
    closed = true;
    watch.close();
    LockSupport.unpark(trimmer);
  }
}
