package dev.warren.daemon.terminal;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.daemon.os.Exits;
import dev.warren.daemon.os.ProcStat;
import dev.warren.daemon.os.Program;
import dev.warren.daemon.os.Pty;
import dev.warren.daemon.os.WindowSize;
import dev.warren.daemon.process.ChildEnvironment;
import dev.warren.protocol.daemon.TerminalFrame;
import dev.warren.protocol.daemon.TerminalTarget;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The workspace's terminals, by the ids that their viewers chose. They live as long as the daemon;
/// one that nobody looks at, and in which nothing runs but its shell, is closed after a while.
public final class Terminals implements AutoCloseable {
  /// Terminals at once.
  public static final int SESSIONS_MAX = 1_024;

  /// How long an idle terminal is kept without a viewer.
  public static final Duration UNSEEN_MAX = Duration.ofMinutes(5);

  /// How long shells have to end when the daemon does.
  private static final Duration HANG_UP_MAX = Duration.ofSeconds(2);

  private static final Duration SWEEP_EVERY = Duration.ofSeconds(15);
  private static final Logger LOG = LoggerFactory.getLogger(Terminals.class);

  private final Exits exits;
  private final ChildEnvironment environment;
  private final List<String> shell;
  private final String home;
  private final Clock clock;
  private final Thread sweeper;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final Map<UUID, TerminalSession> sessions = new HashMap<>();

  /// @param shell what each terminal runs, with its arguments
  public Terminals(
      Exits exits, ChildEnvironment environment, List<String> shell, String home, Clock clock) {
    this.exits = exits;
    this.environment = environment;
    this.shell = List.copyOf(shell);
    this.home = home;
    this.clock = clock;
    this.sweeper = Thread.ofVirtual().name("terminal-sweeper").unstarted(this::sweepOn);
  }

  public void start() {
    sweeper.start();
  }

  public int count() {
    synchronized (lock) {
      return sessions.size();
    }
  }

  /// A viewer at its terminal.
  public static final class Attached {
    private final TerminalSession session;
    private final Viewer viewer;

    private Attached(TerminalSession session, Viewer viewer) {
      this.session = session;
      this.viewer = viewer;
    }

    /// Serves the viewer until the shell or the viewer ends.
    public void serve(InputStream in, OutputStream out) throws IOException, InterruptedException {
      Thread reader =
          Thread.ofVirtual().name("terminal-viewer").start(() -> read(session, viewer, in));
      try {
        write(session, viewer, out);
      } finally {
        session.detach(viewer);
        reader.interrupt();
        reader.join();
      }
    }
  }

  /// Attaches a viewer to its terminal, which starts if it is not there.
  ///
  /// @throws IOException when there are too many, or the shell does not start
  public Attached attach(TerminalTarget target) throws IOException {
    UUID id = target.session();
    WindowSize room = new WindowSize(target.columns(), target.rows());
    synchronized (lock) {
      TerminalSession there = sessions.get(id);
      Optional<Viewer> viewer = there == null ? Optional.empty() : there.attach(room);
      if (there != null && viewer.isPresent()) {
        return new Attached(there, viewer.get());
      }
      if (sessions.size() >= SESSIONS_MAX) {
        throw new IOException(
            "there are %d terminals; close some of them first".formatted(SESSIONS_MAX));
      }
      List<String> variables = environment.ofPerson(id, Map.of("COLORTERM", "truecolor"));
      Pty pty = Pty.start(exits, new Program(shell, variables, home), room);
      TerminalSession session = new TerminalSession(pty, room, clock);
      sessions.put(id, session);
      Viewer first = session.attach(room).orElseThrow();
      Thread.ofVirtual().name("terminal-" + id).start(() -> run(id, session));
      return new Attached(session, first);
    }
  }

  private void run(UUID id, TerminalSession session) {
    try {
      session.run();
    } finally {
      synchronized (lock) {
        sessions.remove(id, session);
        lock.notifyAll();
      }
    }
  }

  private static void read(TerminalSession session, Viewer viewer, InputStream in) {
    try {
      Optional<TerminalFrame> frame = TerminalFrame.read(in);
      while (frame.isPresent()) {
        switch (frame.get()) {
          case TerminalFrame.Data(byte[] typed) -> session.type(viewer, typed);
          case TerminalFrame.Resize(int columns, int rows) ->
              session.resize(viewer, size(columns, rows));
          case TerminalFrame.Exit _ -> session.hangUp();
        }
        frame = TerminalFrame.read(in);
      }
    } catch (IOException gone) {
      LOG.debug("a terminal's viewer: {}", gone.getMessage());
    }
    viewer.leave();
  }

  private static WindowSize size(int columns, int rows) throws IOException {
    if (columns < 1
        || rows < 1
        || columns > TerminalTarget.SIZE_MAX
        || rows > TerminalTarget.SIZE_MAX) {
      throw new IOException("a terminal of %dx%d".formatted(columns, rows));
    }
    return new WindowSize(columns, rows);
  }

  private static void write(TerminalSession session, Viewer viewer, OutputStream out)
      throws IOException, InterruptedException {
    while (true) {
      switch (viewer.next()) {
        case Viewer.Next.Send(TerminalFrame frame) -> frame.writeTo(out);
        case Viewer.Next.Draw() -> {
          for (TerminalFrame frame : session.draw(viewer)) {
            frame.writeTo(out);
          }
        }
        case Viewer.Next.Over() -> {
          return;
        }
      }
    }
  }

  private void sweepOn() {
    try {
      while (true) {
        Thread.sleep(SWEEP_EVERY);
        sweep();
      }
    } catch (InterruptedException stopped) {
      LOG.debug("the sweeper of terminals stops");
    }
  }

  /// Closes what nobody looks at and nothing runs in.
  void sweep() {
    Instant latest = clock.instant().minus(UNSEEN_MAX);
    List<TerminalSession> old;
    synchronized (lock) {
      old =
          sessions.values().stream()
              .filter(session ->
                  session.unseenSince().filter(since -> since.isBefore(latest)).isPresent())
              .toList();
    }
    if (old.isEmpty()) {
      return;
    }
    Set<Integer> busy =
        ProcStat.all().stream()
            .filter(process -> !process.zombie() && process.pid() != process.session())
            .map(ProcStat::session)
            .collect(Collectors.toSet());
    old.stream()
        .filter(session -> !busy.contains(session.shell()))
        .forEach(TerminalSession::hangUp);
  }

  /// Hangs up all, and kills the shells that stay.
  @Override
  public void close() {
    sweeper.interrupt();
    try {
      synchronized (lock) {
        sessions.values().forEach(TerminalSession::hangUp);
        long deadline = System.nanoTime() + HANG_UP_MAX.toNanos();
        while (!sessions.isEmpty() && System.nanoTime() < deadline) {
          lock.wait(HANG_UP_MAX.toMillis());
        }
        sessions.values().forEach(TerminalSession::kill);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
