package dev.warren.daemon.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PtyTest {
  private static final WindowSize SIZE = new WindowSize(100, 30);

  @TempDir Path folder;
  private Exits exits;

  @BeforeEach
  void start() throws IOException {
    exits = new Exits();
    exits.start();
  }

  @AfterEach
  void stop() {
    exits.close();
  }

  @Test
  void programHasATerminalOfItsOwnAndNoOtherDescriptor() throws Exception {
    try (Pty pty =
        sh("tty; stty size; ls /proc/$$/fd | tr '\\n' ' '; ps -o tpgid= -p $$; echo $$")) {
      List<String> lines = lines(pty);
      assertThat(lines.get(0)).startsWith("/dev/pts/");
      assertThat(lines.get(1)).isEqualTo("30 100");
      assertThat(lines.get(2)).startsWith("0 1 2 ");
      assertThat(lines.get(3).strip()).isEqualTo(Integer.toString(pty.child().pid()));
      assertThat(pty.child().awaitExit()).isEqualTo(new Libc.Exit(0, false));
    }
  }

  @Test
  void resizeIsHeardByTheProgramInTheForeground() throws Exception {
    try (Pty pty = sh("trap 'stty size; exit' WINCH; echo ready; while :; do sleep 0.01; done")) {
      assertThat(line(pty)).isEqualTo("ready");
      pty.resize(new WindowSize(132, 50));
      assertThat(line(pty)).isEqualTo("50 132");
    }
  }

  @Test
  void controlCharactersAreSignals() throws Exception {
    try (Pty pty = sh("echo ready; exec sleep 600")) {
      assertThat(line(pty)).isEqualTo("ready");
      pty.input().write(3);
      assertThat(pty.child().awaitExit()).isEqualTo(new Libc.Exit(2, true));
    }
    try (Pty pty = sh("echo ready; exec sleep 600")) {
      assertThat(line(pty)).isEqualTo("ready");
      pty.input().write(28); // Ctrl-\
      assertThat(pty.child().awaitExit().code()).isEqualTo(3);
    }
  }

  @Test
  void outputEndsWithTheLeaderAlsoWhenTheBackgroundHoldsTheTerminal() throws Exception {
    try (Pty pty = sh("trap '' HUP; sleep 600 & echo $!; seq 1 20000; exit 7")) {
      List<String> lines = lines(pty);
      assertThat(lines).hasSize(20_001).endsWith("20000");
      assertThat(pty.child().awaitExit()).isEqualTo(new Libc.Exit(7, false));
      Libc.kill(Integer.parseInt(lines.getFirst()), Libc.SIGKILL);
    }
  }

  @Test
  void programGoesBeforeTheDaemonWhenProcessorOrMemoryIsScarce() throws Exception {
    try (Pty pty = sh("stty -echo; echo ready; read go; nice; cat /proc/$$/oom_score_adj")) {
      assertThat(line(pty)).isEqualTo("ready");
      pty.input().write('\n');
      assertThat(lines(pty)).containsExactly("5", "800");
    }
  }

  @Test
  void closingHangsUp() throws Exception {
    Pty pty = sh("echo ready; exec sleep 600");
    assertThat(line(pty)).isEqualTo("ready");
    pty.close();
    assertThat(pty.child().awaitExit()).isEqualTo(new Libc.Exit(1, true));
    assertThat(pty.output().read()).isEqualTo(-1);
  }

  @Test
  void readerThatWaitsEndsWhenThePtyIsClosed() throws Exception {
    Pty pty = sh("trap '' HUP; echo ready; exec sleep 600");
    assertThat(line(pty)).isEqualTo("ready");
    Thread reader = Thread.ofVirtual().start(() -> readAll(pty.output()));
    pty.close();
    reader.join();
    pty.child().signal(Libc.SIGKILL);
    pty.child().awaitExit();
  }

  @Test
  void muchTypedAtOnceReachesAProgramThatReadsSlowly() throws Exception {
    int count = 20_000;
    try (Pty pty = sh("stty raw -echo; echo ready; head -c %d | cksum".formatted(count * 10))) {
      assertThat(line(pty)).isEqualTo("ready");
      Thread writer =
          Thread.ofVirtual()
              .start(() -> {
                try (OutputStream none = OutputStream.nullOutputStream()) {
                  none.write(0);
                  pty.input()
                      .write("123456789\n".repeat(count).getBytes(StandardCharsets.US_ASCII));
                } catch (IOException closed) {
                  throw new java.io.UncheckedIOException(closed);
                }
              });
      assertThat(String.join("", lines(pty))).endsWith(" 200000");
      writer.join();
    }
  }

  @Test
  void pipesCarryBytesAndTheEndOfInput() throws Exception {
    byte[] bytes = new byte[3_000_000];
    new java.util.Random(7).nextBytes(bytes);
    try (PipedProgram program =
        PipedProgram.start(exits, program("cat; echo problem >&2; kill -9 $$"))) {
      Thread writer =
          Thread.ofVirtual()
              .start(() -> {
                try (OutputStream input = program.input()) {
                  input.write(bytes);
                } catch (IOException closed) {
                  throw new java.io.UncheckedIOException(closed);
                }
              });
      assertThat(program.output().readAllBytes()).isEqualTo(bytes);
      assertThat(program.error().readAllBytes()).isEqualTo("problem\n".getBytes());
      assertThat(program.child().awaitExit()).isEqualTo(new Libc.Exit(9, true));
      writer.join();
    }
  }

  @Test
  void programThatIsNotThereIsSaidAndLeavesNoDescriptor() throws Exception {
    int before = descriptors();
    for (int i = 0; i < 20; i++) {
      Program missing = new Program(List.of("/nowhere/sh"), List.of(), folder.toString());
      assertThat(
              org.assertj.core.api.Assertions.catchThrowable(() -> Pty.start(exits, missing, SIZE)))
          .hasMessageContaining("/nowhere/sh")
          .hasMessageContaining("No such file");
    }
    assertThat(descriptors()).isLessThanOrEqualTo(before + 3);
  }

  @Test
  void exitsAreKeptWhileOrphansAreReaped() throws Exception {
    List<Child> children = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      children.add(exits.spawn(program("exit " + i)));
      exits.reapOrphans();
    }
    for (int i = 0; i < 100; i++) {
      assertThat(children.get(i).awaitExit()).isEqualTo(new Libc.Exit(i, false));
    }
  }

  private static int descriptors() throws IOException {
    try (var files = Files.list(Path.of("/proc/self/fd"))) {
      return (int) files.count();
    }
  }

  private Pty sh(String script) throws IOException {
    return Pty.start(exits, program(script), SIZE);
  }

  private Program program(String script) {
    return new Program(
        List.of("/bin/sh", "-c", script),
        List.of("PATH=" + System.getenv("PATH")),
        folder.toString());
  }

  private static String line(Pty pty) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int next = pty.output().read();
    while (next >= 0 && next != '\n') {
      line.write(next);
      next = pty.output().read();
    }
    return line.toString(StandardCharsets.UTF_8).strip();
  }

  private static List<String> lines(Pty pty) {
    return readAll(pty.output()).lines().toList();
  }

  private static String readAll(InputStream in) {
    try {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException broken) {
      throw new java.io.UncheckedIOException(broken);
    }
  }
}
