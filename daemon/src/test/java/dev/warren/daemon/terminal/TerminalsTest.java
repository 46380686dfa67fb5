package dev.warren.daemon.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.warren.daemon.os.Exits;
import dev.warren.daemon.os.WindowSize;
import dev.warren.daemon.process.ChildEnvironment;
import dev.warren.protocol.daemon.TerminalFrame;
import dev.warren.protocol.daemon.TerminalTarget;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TerminalsTest {
  private static final Duration WITHIN = Duration.ofSeconds(20);

  @TempDir Path folder;
  private final MovedClock clock = new MovedClock();
  private Exits exits;
  private Terminals terminals;

  @BeforeEach
  void start() throws IOException {
    exits = new Exits();
    exits.start();
    ChildEnvironment environment =
        new ChildEnvironment(Map.of("PATH", System.getenv("PATH"), "PS1", "$ "), folder.toString());
    terminals = new Terminals(exits, environment, List.of("/bin/sh"), folder.toString(), clock);
    terminals.start();
  }

  @AfterEach
  void stop() {
    terminals.close();
    exits.close();
    assertThat(terminals.count()).isZero();
  }

  @Test
  void shellIsTypedIntoAndItsEndIsTold() throws Exception {
    UUID id = UUID.randomUUID();
    try (Client client = new Client(id, 80, 24)) {
      client.type("echo $((6*7)) $TERM $(stty size)\n");
      client.awaitText("42 xterm-256color 24 80");
      client.resize(100, 30);
      client.type("stty size\n");
      client.awaitText("30 100");
      client.type("exit 3\n");
      client.awaitEnd();
      assertThat(client.exit).contains(3);
    }
    await("the session is forgotten", () -> terminals.count() == 0);
  }

  @Test
  void viewerThatComesBackFindsTheScreenAsItWas() throws Exception {
    assumeTrue(TmuxScreen.isThere(), "tmux is not installed");
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/vim")), "vim is not installed");
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      text.append("int line%d = %d; // a comment, schön\n".formatted(i, i * i));
    }
    Files.writeString(folder.resolve("a.c"), text);
    UUID id = UUID.randomUUID();
    try (Client first = new Client(id, 90, 25);
        TmuxScreen tmux = new TmuxScreen(folder, new WindowSize(90, 25))) {
      first.type("vim -u NONE -N -c 'syn on' -c 'set nu ruler' a.c\n");
      first.awaitText("schön");
      first.type("50G0");
      first.awaitText("50,1");
      first.type("ihello\033:split\n");
      // The cursor's place is the last thing that vim draws.
      first.awaitSame();
      byte[] seen = first.seen();
      try (Client second = new Client(id, 90, 25)) {
        second.awaitText("hello");
        second.awaitSame();
        assertThat(tmux.show(second.seen(), 0)).isEqualTo(tmux.show(seen, 0));
      }
      first.type("\033:qa!\n");
      first.awaitText("\033[?1049l"); // vim takes what is typed before
      first.type("echo back-$((1+1))\n");
      first.awaitText("back-2");
    }
  }

  @Test
  void viewersSeeTheSameAndTheSizeOfTheLastActiveOne() throws Exception {
    UUID id = UUID.randomUUID();
    try (Client wide = new Client(id, 120, 40)) {
      wide.type("echo start\n");
      wide.awaitText("start");
      try (Client narrow = new Client(id, 60, 20)) {
        wide.awaitSize(60, 20);
        narrow.type("echo from-narrow-$((1+1))\n");
        wide.awaitText("from-narrow-2");
        wide.type("echo from-wide-$((1+2)) $(stty size)\n");
        narrow.awaitText("from-wide-3 40 120");
        narrow.awaitSize(120, 40);
        narrow.type("\n");
        wide.awaitSize(60, 20);
      }
      wide.awaitSize(120, 40);
    }
    assertThat(terminals.count()).isEqualTo(1);
  }

  @Test
  void slowViewerHoldsTheProgramAndLosesNothing() throws Exception {
    UUID id = UUID.randomUUID();
    try (Client client = new Client(id, 80, 24)) {
      client.type("stty -echo; echo ready-$((1+1))\n");
      client.awaitText("ready-2");
      client.pause();
      client.type("seq 1 200000; echo end-$((1+1))\n");
      client.resume();
      client.awaitText("end-2");
      String text = new String(client.seen(), StandardCharsets.UTF_8).replace("\r", "");
      int at = text.indexOf("1\n2\n3\n");
      assertThat(at).isNotNegative();
      StringBuilder numbers = new StringBuilder();
      for (int i = 1; i <= 200_000; i++) {
        numbers.append(i).append('\n');
      }
      assertThat(text.substring(at)).startsWith(numbers);
    }
  }

  @Test
  void viewerThatStandsStillIsDrawnAnewWhileAnotherGoesOn() throws Exception {
    UUID id = UUID.randomUUID();
    try (Client fast = new Client(id, 80, 24);
        Client slow = new Client(id, 80, 24)) {
      slow.awaitText("$");
      slow.pause();
      fast.type("seq 1 300000; echo end-$((1+1))\n");
      fast.awaitText("end-2");
      slow.resume();
      slow.awaitText("end-2");
      assertThat(slow.seen().length).isLessThan(fast.seen().length);
    }
  }

  @Test
  void terminalWithoutViewerIsClosedUnlessSomethingRunsInIt() throws Exception {
    UUID idle = UUID.randomUUID();
    UUID busy = UUID.randomUUID();
    try (Client one = new Client(idle, 80, 24);
        Client two = new Client(busy, 80, 24)) {
      one.awaitText("$");
      two.type("(trap '' HUP; exec sleep 600) & echo started-$((1+1))\n");
      two.awaitText("started-2");
    }
    await("both are unseen", () -> terminals.count() == 2);
    clock.pass(Terminals.UNSEEN_MAX.minusSeconds(1));
    terminals.sweep();
    assertThat(terminals.count()).isEqualTo(2);
    clock.pass(Duration.ofSeconds(2));
    terminals.sweep();
    await("the idle one is closed", () -> terminals.count() == 1);
    try (Client again = new Client(busy, 80, 24)) {
      again.awaitText("started-2");
      again.type("kill -9 %1; wait; exit\n");
      again.awaitEnd();
    }
  }

  @Test
  void malformedFramesEndTheViewerAndNotTheTerminal() throws Exception {
    UUID id = UUID.randomUUID();
    try (Client bad = new Client(id, 80, 24)) {
      bad.awaitText("$");
      bad.raw(new byte[] {9, 0, 0, 1, 7});
      bad.awaitEnd();
    }
    try (Client again = new Client(id, 80, 24)) {
      again.type("echo well-$((1+1))\n");
      again.awaitText("well-2");
    }
  }

  /// A viewer over pipes.
  private final class Client implements AutoCloseable {
    private final PipedOutputStream typed = new PipedOutputStream();
    private final Gate gate = new Gate();
    private final Thread thread;
    private volatile boolean over;
    volatile Optional<Integer> exit = Optional.empty();

    Client(UUID id, int columns, int rows) throws IOException {
      Terminals.Attached attached = terminals.attach(new TerminalTarget(id, columns, rows));
      InputStream in = new PipedInputStream(typed, 64 * 1024);
      thread =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  attached.serve(in, gate);
                } catch (IOException | InterruptedException gone) {
                  assertThat(gone).isNotNull();
                } finally {
                  over = true;
                }
              });
    }

    void type(String text) throws IOException {
      raw(frame(new TerminalFrame.Data(text.getBytes(StandardCharsets.UTF_8))));
    }

    void resize(int columns, int rows) throws IOException {
      raw(frame(new TerminalFrame.Resize(columns, rows)));
    }

    void raw(byte[] bytes) throws IOException {
      typed.write(bytes);
      typed.flush();
    }

    void pause() {
      gate.closed = true;
    }

    void resume() {
      synchronized (gate) {
        gate.closed = false;
        gate.notifyAll();
      }
    }

    byte[] seen() {
      return gate.data().toByteArray();
    }

    private String text() {
      return new String(seen(), StandardCharsets.UTF_8);
    }

    void awaitText(String text) {
      await(text, () -> text().replace("\r", "").contains(text), this::text);
    }

    void awaitSize(int columns, int rows) {
      await(columns + "x" + rows, () -> gate.lastSize().equals(Optional.of(columns + "x" + rows)));
    }

    void awaitEnd() {
      await("the end", () -> over);
      exit = gate.exit();
    }

    /// Nothing comes any more for a while.
    void awaitSame() throws InterruptedException {
      int before = -1;
      while (seen().length != before) {
        before = seen().length;
        synchronized (gate) {
          gate.wait(400);
        }
      }
    }

    @Override
    public void close() throws IOException, InterruptedException {
      resume();
      typed.close();
      thread.join();
    }
  }

  private static byte[] frame(TerminalFrame frame) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    frame.writeTo(bytes);
    return bytes.toByteArray();
  }

  /// Keeps what a viewer is sent; while closed nothing gets through.
  private static final class Gate extends OutputStream {
    private final ByteArrayOutputStream all = new ByteArrayOutputStream();
    volatile boolean closed;

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
      try {
        while (closed) {
          wait();
        }
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
      all.write(bytes, offset, length);
    }

    private synchronized byte[] bytes() {
      return all.toByteArray();
    }

    private void each(Predicate<TerminalFrame> visitor) {
      try (InputStream in = new java.io.ByteArrayInputStream(bytes())) {
        Optional<TerminalFrame> frame = TerminalFrame.read(in);
        while (frame.isPresent() && visitor.test(frame.get())) {
          frame = TerminalFrame.read(in);
        }
      } catch (IOException broken) {
        throw new UncheckedIOException(broken);
      }
    }

    ByteArrayOutputStream data() {
      ByteArrayOutputStream data = new ByteArrayOutputStream();
      each(frame -> {
        if (frame instanceof TerminalFrame.Data(byte[] bytes)) {
          data.writeBytes(bytes);
        }
        return true;
      });
      return data;
    }

    Optional<String> lastSize() {
      String[] last = new String[1];
      each(frame -> {
        if (frame instanceof TerminalFrame.Resize(int columns, int rows)) {
          last[0] = columns + "x" + rows;
        }
        return true;
      });
      return Optional.ofNullable(last[0]);
    }

    Optional<Integer> exit() {
      Integer[] code = new Integer[1];
      each(frame -> {
        if (frame instanceof TerminalFrame.Exit(int status)) {
          code[0] = status;
        }
        return true;
      });
      return Optional.ofNullable(code[0]);
    }
  }

  private static void await(String what, BooleanSupplier condition) {
    await(what, condition, () -> "");
  }

  private static void await(String what, BooleanSupplier condition, Supplier<String> state) {
    long deadline = System.nanoTime() + WITHIN.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        String text = state.get().replace("\033", "^[");
        throw new AssertionError(
            "%s did not come; at the end there was: %s"
                .formatted(what, text.substring(Math.max(0, text.length() - 400))));
      }
      java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
    }
  }
}
