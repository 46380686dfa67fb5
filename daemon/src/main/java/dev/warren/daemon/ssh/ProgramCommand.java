package dev.warren.daemon.ssh;

import dev.warren.daemon.os.Child;
import dev.warren.daemon.os.Libc;
import dev.warren.daemon.os.PipedProgram;
import dev.warren.daemon.os.Program;
import dev.warren.daemon.os.Pty;
import dev.warren.daemon.os.WindowSize;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.Signal;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A session's program: the login shell, or a command in it, with a terminal or with pipes. As with
/// OpenSSH's server, the session ends when the program has ended and nobody holds its output any
/// more; a client that goes away hangs up the terminal, and leaves programs without one alone.
final class ProgramCommand implements Command {
  private static final Logger LOG = LoggerFactory.getLogger(ProgramCommand.class);
  private static final int BUFFER_BYTES = 32 * 1024;
  private static final int COLUMNS = 80;
  private static final int ROWS = 24;
  private static final int SIZE_MAX = 1000;

  /// Variables of a client's that are passed on; more are not.
  private static final int VARIABLES_MAX = 128;

  /// The status that a shell answers when it cannot be run.
  private static final int EXIT_UNSTARTED = 127;

  /// RFC 4254's names (section 6.10) of signals that end programs.
  private static final Map<Integer, String> SIGNALS =
      Map.ofEntries(
          Map.entry(1, "HUP"),
          Map.entry(2, "INT"),
          Map.entry(3, "QUIT"),
          Map.entry(4, "ILL"),
          Map.entry(6, "ABRT"),
          Map.entry(8, "FPE"),
          Map.entry(9, "KILL"),
          Map.entry(10, "USR1"),
          Map.entry(11, "SEGV"),
          Map.entry(12, "USR2"),
          Map.entry(13, "PIPE"),
          Map.entry(14, "ALRM"),
          Map.entry(15, "TERM"));

  private final Surroundings surroundings;
  private final Optional<String> line;
  private InputStream in = InputStream.nullInputStream();
  private OutputStream out = OutputStream.nullOutputStream();
  private OutputStream err = OutputStream.nullOutputStream();
  private @Nullable ExitCallback exit;
  private volatile @Nullable AutoCloseable running;

  /// @param line the command; a login shell without one
  ProgramCommand(Surroundings surroundings, Optional<String> line) {
    this.surroundings = surroundings;
    this.line = line;
  }

  @Override
  public void setInputStream(InputStream in) {
    this.in = in;
  }

  @Override
  public void setOutputStream(OutputStream out) {
    this.out = out;
  }

  @Override
  public void setErrorStream(OutputStream err) {
    this.err = err;
  }

  @Override
  public void setExitCallback(ExitCallback callback) {
    this.exit = callback;
  }

  @Override
  public void start(ChannelSession session, Environment environment) {
    if (!(session instanceof ProgramChannel channel)) {
      throw new IllegalStateException("sessions have channels of ours");
    }
    Thread.ofVirtual().name("ssh-program").start(() -> run(channel, environment));
  }

  /// The client has gone, or the program has ended.
  @Override
  public void destroy(ChannelSession channel) {
    AutoCloseable program = running;
    if (program != null) {
      SocketPump.close(program);
    }
  }

  private void run(ProgramChannel channel, Environment environment) {
    try {
      Program program =
          new Program(
              line.map(surroundings.shell()::command).orElseGet(surroundings.shell()::login),
              entries(channel, environment),
              surroundings.home().toString());
      Libc.Exit end =
          channel.hasTerminal() ? onTerminal(program, environment) : onPipes(program, environment);
      say(channel, end);
    } catch (IOException e) {
      LOG.warn("a session's program is not started: {}", e.getMessage());
      complain(String.valueOf(e.getMessage()));
      ended(EXIT_UNSTARTED);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Libc.Exit onTerminal(Program program, Environment environment)
      throws IOException, InterruptedException {
    try (Pty pty = Pty.start(surroundings.exits(), program, size(environment))) {
      running = pty;
      Child child = pty.child();
      environment.addSignalListener((_, signal) -> {
        if (signal == Signal.WINCH) {
          pty.resize(size(environment));
        } else {
          child.signal(signal.getNumeric());
        }
      });
      // The end of the input ends no terminal: that is the user's to do.
      copyInBackground("ssh-in", in, pty.input(), false);
      copy(pty.output(), out);
      return child.awaitExit();
    }
  }

  private Libc.Exit onPipes(Program program, Environment environment)
      throws IOException, InterruptedException {
    try (PipedProgram piped = PipedProgram.start(surroundings.exits(), program)) {
      running = piped;
      Child child = piped.child();
      environment.addSignalListener((_, signal) -> child.signal(signal.getNumeric()));
      copyInBackground("ssh-in", in, piped.input(), true);
      Thread errors = copyInBackground("ssh-err", piped.error(), err, false);
      copy(piped.output(), out);
      errors.join();
      return child.awaitExit();
    }
  }

  private void say(ProgramChannel channel, Libc.Exit end) throws IOException {
    String signal = SIGNALS.get(end.code());
    if (end.signalled() && signal != null) {
      channel.endBySignal(signal);
      return;
    }
    ended(end.shellCode());
  }

  /// Where a shell would say why there is none.
  private void complain(String why) {
    try {
      err.write(("warren: " + why + "\n").getBytes(StandardCharsets.UTF_8));
      err.flush();
    } catch (IOException gone) {
      LOG.debug("nobody hears why: {}", gone.getMessage());
    }
  }

  private void ended(int status) {
    ExitCallback callback = exit;
    if (callback != null) {
      callback.onExit(status);
    }
  }

  private static Thread copyInBackground(
      String name, InputStream from, OutputStream to, boolean closes) {
    return Thread.ofVirtual()
        .name(name)
        .start(() -> {
          copy(from, to);
          if (closes) {
            SocketPump.close(to);
          }
        });
  }

  /// Until either side has ended.
  private static void copy(InputStream from, OutputStream to) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try {
      for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
        to.write(buffer, 0, read);
        to.flush();
      }
    } catch (IOException e) {
      LOG.debug("a session's stream ended: {}", e.getMessage());
    }
  }

  private List<String> entries(ProgramChannel channel, Environment environment) {
    List<String> entries =
        surroundings.environment().ofPerson(UUID.randomUUID(), variables(channel, environment));
    return channel.hasTerminal()
        ? entries
        : entries.stream().filter(entry -> !entry.startsWith("TERM=")).toList();
  }

  /// What the client sent, without what describes its own terminal or login.
  private static Map<String, String> variables(ProgramChannel channel, Environment environment) {
    Map<String, String> variables = new TreeMap<>();
    environment
        .getEnv()
        .forEach((name, value) -> {
          boolean described =
              name.equals(Environment.ENV_LINES)
                  || name.equals(Environment.ENV_COLUMNS)
                  || name.equals(Environment.ENV_USER)
                  || (name.equals(Environment.ENV_TERM) && !channel.hasTerminal());
          boolean possible =
              name.matches("[A-Za-z_][A-Za-z0-9_]*") && value != null && value.indexOf('\0') < 0;
          if (possible && !described && variables.size() < VARIABLES_MAX) {
            variables.put(name, value);
          }
        });
    // Programs see by these that they are at the far end of a connection.
    variables.put("SSH_CLIENT", "127.0.0.1 0 22");
    variables.put("SSH_CONNECTION", "127.0.0.1 0 127.0.0.1 22");
    return variables;
  }

  private static WindowSize size(Environment environment) {
    Map<String, String> values = environment.getEnv();
    return new WindowSize(
        length(values.get(Environment.ENV_COLUMNS), COLUMNS),
        length(values.get(Environment.ENV_LINES), ROWS));
  }

  /// A client without a size says 0.
  private static int length(@Nullable String said, int otherwise) {
    List<Integer> parsed =
        said != null && said.matches("\\d{1,6}") ? List.of(Integer.parseInt(said)) : List.of();
    return parsed.stream()
        .filter(length -> length > 0)
        .map(length -> Math.min(length, SIZE_MAX))
        .findFirst()
        .orElse(otherwise);
  }
}
