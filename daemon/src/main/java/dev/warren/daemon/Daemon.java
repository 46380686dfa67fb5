package dev.warren.daemon;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.daemon.file.FileChanges;
import dev.warren.daemon.file.FileReading;
import dev.warren.daemon.file.FileWriting;
import dev.warren.daemon.file.Views;
import dev.warren.daemon.file.WorkspacePath;
import dev.warren.daemon.git.GitAskpass;
import dev.warren.daemon.git.GitLogins;
import dev.warren.daemon.http.HttpConnection;
import dev.warren.daemon.os.Exits;
import dev.warren.daemon.process.ChildEnvironment;
import dev.warren.daemon.process.Commands;
import dev.warren.daemon.process.GitIdentity;
import dev.warren.daemon.process.LoginShell;
import dev.warren.daemon.ssh.SshService;
import dev.warren.daemon.ssh.Surroundings;
import dev.warren.daemon.store.Horizon;
import dev.warren.daemon.store.IdLocks;
import dev.warren.daemon.store.Leases;
import dev.warren.daemon.store.StateFolder;
import dev.warren.daemon.store.Tombstones;
import dev.warren.daemon.terminal.Terminals;
import dev.warren.protocol.daemon.DaemonInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The daemon's parts, put together; whoever has a stream serves it through them.
public final class Daemon implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

  private final StateFolder state;
  private final ChildEnvironment environment;
  private final FileChanges changes;
  private final Exits exits;
  private final Commands commands;
  private final HttpConnection http;
  private final Terminals terminals;
  private final Surroundings surroundings;
  private final Optional<GitAskpass> askpass;

  /// Made when the first client comes: it costs some megabytes.
  @GuardedBy("sshLock")
  private @Nullable SshService ssh;

  private final Object sshLock = new Object();

  /// Connections of people, which end with this process.
  private final AtomicInteger people = new AtomicInteger();

  /// @param stateFolder where outcomes are kept; one daemon at a time
  /// @param home what `~` means
  /// @param environment of this process
  public Daemon(Path stateFolder, Path home, Map<String, String> environment, Clock clock)
      throws IOException {
    this.state = StateFolder.open(stateFolder);
    this.environment = new ChildEnvironment(environment, home.toString());
    this.askpass = askpass(stateFolder);
    askpass.ifPresent(here -> this.environment.gitAskpass(here.script()));
    this.exits = new Exits();
    LoginShell shell = LoginShell.of(environment, System.getProperty("user.name", ""));
    this.surroundings =
        new Surroundings(home, shell, this.environment, exits, stateFolder.toAbsolutePath());
    WorkspacePath paths = new WorkspacePath(home);
    Leases leases = new Leases(state);
    Horizon horizon = new Horizon(state, clock);
    Tombstones tombstones = new Tombstones(state);
    IdLocks locks = new IdLocks();
    this.changes = new FileChanges(state, horizon);
    this.commands =
        new Commands(
            state,
            tombstones,
            horizon,
            locks,
            exits,
            this.environment,
            name -> paths.of("workdir", name),
            clock);
    this.terminals = new Terminals(exits, this.environment, shell.login(), home.toString(), clock);
    DaemonInfo info =
        new DaemonInfo(
            Version.current(),
            state.storeId(),
            "linux",
            System.getProperty("os.arch", "unknown").equals("aarch64") ? "arm64" : "amd64",
            home.toString(),
            home.toString(),
            System.getProperty("user.name", "unknown"),
            shell.file());
    Views views = new Views(state, commands::find, clock);
    Api api =
        new Api(
            info,
            paths,
            new Fence(state, leases),
            horizon,
            tombstones,
            locks,
            new FileReading(),
            new FileWriting(changes, paths, horizon, tombstones, locks, views),
            views,
            changes,
            commands);
    this.http = new HttpConnection(api.router(), state);
  }

  /// Finishes what an earlier daemon began and finds its commands; then requests may come.
  public void start() throws IOException {
    exits.start();
    changes.recover();
    commands.start();
    terminals.start();
    askpass.ifPresent(GitAskpass::start);
  }

  private static Optional<GitAskpass> askpass(Path stateFolder) {
    try {
      return Optional.of(GitAskpass.open(stateFolder));
    } catch (IOException | RuntimeException failed) {
      // A path too long for a socket, say: git then asks for logins as it does elsewhere.
      LOG.warn("git's logins are not served: {}", failed.getMessage());
      return Optional.empty();
    }
  }

  /// Takes the exits of orphans: only in a program that starts no child by the JDK's `Process`,
  /// which would lose theirs.
  void reapOrphans() {
    exits.reapOrphans();
  }

  public UUID storeId() {
    return state.storeId();
  }

  /// Whether its state folder is still there. Without it the daemon answers nothing any more, and
  /// has to be started anew, with a new store.
  public boolean isStateThere() {
    return state.isThere();
  }

  /// From now on, commands commit as this person.
  public void gitIdentity(GitIdentity identity) {
    environment.gitIdentity(identity);
  }

  /// From now on, git's logins come from here.
  public void gitLogins(GitLogins logins) {
    askpass.ifPresent(here -> here.logins(logins));
  }

  /// Serves HTTP requests until the peer ends the stream.
  public void serveHttp(InputStream in, OutputStream out) throws IOException {
    http.serve(in, out);
  }

  public Terminals terminals() {
    return terminals;
  }

  /// Serves an SSH client until it goes, without other proof of who it is.
  ///
  /// @param reset breaks both streams off
  public void serveSsh(InputStream in, OutputStream out, Runnable reset)
      throws IOException, InterruptedException {
    people.incrementAndGet();
    try {
      ssh().serve(in, out, reset);
    } finally {
      people.decrementAndGet();
    }
  }

  /// Whether nobody is connected whom a restart would cut off; commands live on by themselves.
  boolean isUnused() {
    return people.get() == 0 && terminals.count() == 0;
  }

  Exits exits() {
    return exits;
  }

  SshService ssh() throws IOException {
    synchronized (sshLock) {
      SshService made = ssh;
      if (made == null) {
        made = new SshService(surroundings);
        ssh = made;
      }
      return made;
    }
  }

  /// Commands go on without the daemon; terminals do not.
  @Override
  public void close() throws IOException {
    terminals.close();
    synchronized (sshLock) {
      if (ssh != null) {
        ssh.close();
      }
    }
    if (askpass.isPresent()) {
      askpass.get().close();
    }
    commands.close();
    exits.close();
    state.close();
  }
}
