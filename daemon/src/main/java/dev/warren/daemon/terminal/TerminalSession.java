package dev.warren.daemon.terminal;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.daemon.os.Libc;
import dev.warren.daemon.os.Pty;
import dev.warren.daemon.os.WindowSize;
import dev.warren.protocol.daemon.TerminalFrame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One shell on a PTY, its screen, and who looks at it.
///
/// The shell is read as fast as its fastest viewer takes it; one that is slower is drawn anew, and
/// without a viewer the shell runs freely. The terminal has the size of the viewer that attached,
/// resized or typed last; the others are told.
final class TerminalSession {
  /// A terminal gives no more at once.
  private static final int READ_BYTES = 4 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(TerminalSession.class);

  private final Pty pty;
  private final Clock clock;
  private final Object lock = new Object();

  /// One writer at a time; held while the shell does not read.
  private final Object typing = new Object();

  @GuardedBy("lock")
  private final Screen screen;

  @GuardedBy("lock")
  private final VtParser parser;

  /// The viewers and what each has room for, the last active one last.
  @GuardedBy("lock")
  private final Map<Viewer, WindowSize> viewers = new LinkedHashMap<>();

  @GuardedBy("lock")
  private final ByteArrayOutputStream answers = new ByteArrayOutputStream();

  @GuardedBy("lock")
  private boolean answering;

  @GuardedBy("lock")
  private WindowSize size;

  @GuardedBy("lock")
  private Optional<Integer> exitCode = Optional.empty();

  @GuardedBy("lock")
  private Instant lastViewed;

  TerminalSession(Pty pty, WindowSize size, Clock clock) {
    this.pty = pty;
    this.size = size;
    this.clock = clock;
    this.screen = new Screen(size.columns(), size.rows());
    this.parser = new VtParser(screen);
    this.lastViewed = clock.instant();
  }

  /// Reads the shell to its end.
  void run() {
    try (InputStream output = pty.output()) {
      byte[] bytes = new byte[READ_BYTES];
      int n = output.read(bytes, 0, READ_BYTES);
      while (n >= 0) {
        awaitRoom();
        show(bytes, n);
        n = output.read(bytes, 0, READ_BYTES);
      }
      end(pty.child().awaitExit().shellCode());
    } catch (IOException broken) {
      LOG.warn("a terminal broke: {}", broken.getMessage());
      end(1);
    } catch (InterruptedException stopped) {
      end(1);
    }
  }

  private void awaitRoom() throws InterruptedException {
    synchronized (lock) {
      while (!viewers.isEmpty() && viewers.keySet().stream().noneMatch(Viewer::hasRoom)) {
        lock.wait();
      }
    }
  }

  private void show(byte[] bytes, int length) {
    synchronized (lock) {
      ByteArrayOutputStream seen = new ByteArrayOutputStream(length);
      parser.feed(bytes, length, seen);
      if (seen.size() > 0) {
        for (byte[] piece : pieces(seen.toByteArray())) {
          viewers.keySet().forEach(viewer -> viewer.put(new TerminalFrame.Data(piece)));
        }
      }
      answers.writeBytes(parser.takeAnswers());
      if (answers.size() > 0 && !answering) {
        answering = true;
        // Not here: a shell that does not read would stop its own output.
        Thread.ofVirtual().name("terminal-answers").start(this::answer);
      }
    }
  }

  private void answer() {
    try {
      while (true) {
        byte[] next;
        synchronized (lock) {
          if (answers.size() == 0) {
            answering = false;
            return;
          }
          next = answers.toByteArray();
          answers.reset();
        }
        type(next);
      }
    } catch (IOException ended) {
      LOG.debug("answers to an ended shell: {}", ended.getMessage());
    }
  }

  private static List<byte[]> pieces(byte[] bytes) {
    int pieces = (bytes.length + TerminalFrame.BYTES_MAX - 1) / TerminalFrame.BYTES_MAX;
    return IntStream.range(0, pieces)
        .mapToObj(piece -> {
          int from = piece * TerminalFrame.BYTES_MAX;
          return Arrays.copyOfRange(
              bytes, from, Math.min(bytes.length, from + TerminalFrame.BYTES_MAX));
        })
        .toList();
  }

  private void end(int code) {
    synchronized (lock) {
      exitCode = Optional.of(code);
      viewers.keySet().forEach(viewer -> viewer.end(new TerminalFrame.Exit(code)));
    }
  }

  /// A new viewer; it begins with the screen as it is. Empty when the shell has ended.
  Optional<Viewer> attach(WindowSize room) {
    synchronized (lock) {
      if (exitCode.isPresent()) {
        return Optional.empty();
      }
      Viewer viewer = new Viewer(this::wake);
      viewers.put(viewer, room);
      fit(room);
      return Optional.of(viewer);
    }
  }

  private void wake() {
    synchronized (lock) {
      lock.notifyAll();
    }
  }

  void detach(Viewer viewer) {
    viewer.leave();
    synchronized (lock) {
      viewers.remove(viewer);
      lastViewed = clock.instant();
      viewers.values().stream().reduce((_, last) -> last).ifPresent(this::fit);
      lock.notifyAll();
    }
  }

  /// The screen, and the viewer is up to date from here on.
  List<TerminalFrame> draw(Viewer viewer) {
    synchronized (lock) {
      viewer.drawn();
      lock.notifyAll();
      List<TerminalFrame> frames = new ArrayList<>();
      frames.add(new TerminalFrame.Resize(size.columns(), size.rows()));
      pieces(ScreenImage.of(screen)).forEach(piece -> frames.add(new TerminalFrame.Data(piece)));
      return frames;
    }
  }

  /// What a viewer typed.
  void type(Viewer viewer, byte[] bytes) throws IOException {
    synchronized (lock) {
      WindowSize room = viewers.remove(viewer);
      if (room != null) {
        viewers.put(viewer, room);
        fit(room);
      }
    }
    type(bytes);
  }

  private void type(byte[] bytes) throws IOException {
    synchronized (typing) {
      pty.input().write(bytes);
    }
  }

  void resize(Viewer viewer, WindowSize room) {
    synchronized (lock) {
      if (viewers.remove(viewer) != null) {
        viewers.put(viewer, room);
        fit(room);
      }
    }
  }

  private void fit(WindowSize wanted) {
    synchronized (lock) {
      if (wanted.equals(size)) {
        return;
      }
      size = wanted;
      screen.resize(wanted.columns(), wanted.rows());
      TerminalFrame told = new TerminalFrame.Resize(wanted.columns(), wanted.rows());
      viewers.keySet().forEach(viewer -> viewer.put(told));
    }
    pty.resize(wanted);
  }

  /// The session's id for the system: the shell's process id.
  int shell() {
    return pty.child().pid();
  }

  /// Since when nobody looks; empty while somebody does.
  Optional<Instant> unseenSince() {
    synchronized (lock) {
      return viewers.isEmpty() ? Optional.of(lastViewed) : Optional.empty();
    }
  }

  /// Hangs up, which ends a shell and what it left in the foreground.
  void hangUp() {
    pty.close();
  }

  void kill() {
    pty.child().signal(Libc.SIGKILL);
  }
}
