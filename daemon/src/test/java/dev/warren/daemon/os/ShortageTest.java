package dev.warren.daemon.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What happens while the system gives this process no descriptor. A shell beside it lowers and
/// raises its limit, by `prlimit`.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class ShortageTest {
  private static final Program HELLO =
      new Program(List.of("/bin/echo", "hello"), List.of("PATH=/usr/bin:/bin"), "/");
  private static final Program CAT = new Program(List.of("/bin/cat"), List.of(), "/");

  private Exits exits;
  private Process limiter;
  private BufferedReader said;

  @BeforeEach
  void start() throws Exception {
    exits = new Exits();
    exits.start();
    // Classes lie in folders here, and loading one takes a descriptor too.
    Class.forName(Shortage.class.getName());
    assertThat(hello()).isEqualTo("hello\n");
    limiter =
        new ProcessBuilder(
                "sh",
                "-c",
                "read go; prlimit --pid $0 --nofile=3: && echo low; "
                    + "read go; prlimit --pid $0 --nofile=$1: && echo high; cat",
                Long.toString(ProcessHandle.current().pid()),
                descriptorsMax())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    said = limiter.inputReader(StandardCharsets.UTF_8);
  }

  @AfterEach
  void stop() throws Exception {
    limiter.getOutputStream().write('\n');
    limiter.getOutputStream().close();
    limiter.waitFor();
    exits.close();
  }

  @Test
  void aProgramStartsAsSoonAsThereIsRoomForIt() throws Exception {
    FutureTask<String> starting = new FutureTask<>(this::hello);
    Thread thread = Thread.ofPlatform().unstarted(starting);
    say("low");
    thread.start();
    await(() -> isIn(thread, "pause") || starting.isDone());
    boolean waited = !starting.isDone();
    say("high");
    assertThat(starting.get()).isEqualTo("hello\n");
    assertThat(waited).isTrue();
  }

  @Test
  void theEndOfAProcessIsHeardWithoutADescriptorForIt() throws Exception {
    Child child;
    CountDownLatch ended = new CountDownLatch(1);
    try (PipedProgram cat = PipedProgram.start(exits, CAT)) {
      child = cat.child();
      say("low");
      exits.watch(child.pid(), ended::countDown);
      say("high");
      assertThat(ended.getCount()).isOne();
    }
    ended.await();
    assertThat(child.awaitExit()).isEqualTo(new Libc.Exit(0, false));
  }

  private String hello() throws IOException {
    try (PipedProgram program = PipedProgram.start(exits, HELLO)) {
      return new String(program.output().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private void say(String answer) throws IOException {
    limiter.getOutputStream().write('\n');
    limiter.getOutputStream().flush();
    assertThat(said.readLine()).isEqualTo(answer);
  }

  private static boolean isIn(Thread thread, String method) {
    return Arrays.stream(thread.getStackTrace())
        .anyMatch(frame -> frame.getMethodName().equals(method));
  }

  private static void await(java.util.function.BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }

  private static String descriptorsMax() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/limits")).stream()
        .filter(line -> line.startsWith("Max open files"))
        .map(line -> line.split(" +")[3])
        .findFirst()
        .orElseThrow();
  }
}
