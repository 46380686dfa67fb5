package dev.warren.daemon.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Runs OpenSSH's programs and their friends against one server, which they know as host `w`.
final class Clients {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path config;

  Clients(Path folder, SshTarget target) throws IOException {
    this.config = folder.resolve("ssh_config");
    Files.writeString(
        config,
        """
        Host w
          HostName 127.0.0.1
          Port %d
          User root
          IdentityFile %s
          IdentitiesOnly yes
          StrictHostKeyChecking no
          UserKnownHostsFile /dev/null
          LogLevel ERROR
          BatchMode yes
          ExitOnForwardFailure yes
        """
            .formatted(target.port(), target.key()));
  }

  /// What a program did.
  record Ran(int exit, String out, String err) {}

  String config() {
    return config.toString();
  }

  Ran ssh(String input, String... arguments) throws Exception {
    List<String> line = new ArrayList<>(List.of("ssh", "-F", config()));
    line.addAll(List.of(arguments));
    return run(line, input, Map.of());
  }

  /// The output of a program that succeeds.
  String ok(String... line) throws Exception {
    List<String> all = new ArrayList<>(List.of(line));
    all.addAll(1, List.of("-F", config()));
    return check(all);
  }

  static String check(List<String> line) throws Exception {
    Ran ran = run(line, "", Map.of());
    assertThat(ran.exit()).as(line + ": " + ran.err() + ran.out()).isZero();
    return ran.out();
  }

  static Ran run(List<String> line, String input, Map<String, String> environment)
      throws Exception {
    ProcessBuilder builder = new ProcessBuilder(line);
    builder.environment().remove("SSH_AUTH_SOCK");
    builder.environment().putAll(environment);
    Process process = builder.start();
    FutureTask<String> out =
        reading(() -> new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    FutureTask<String> err =
        reading(() -> new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
    try (OutputStream in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException ended) {
      // It wanted no input.
    }
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(line + " does not end; so far: " + now(err) + now(out));
    }
    return new Ran(
        process.exitValue(), out.get(10, TimeUnit.SECONDS), err.get(10, TimeUnit.SECONDS));
  }

  private static FutureTask<String> reading(Callable<String> reader) {
    FutureTask<String> task = new FutureTask<>(reader);
    Thread.ofVirtual().start(task);
    return task;
  }

  private static String now(FutureTask<String> task) throws InterruptedException {
    try {
      return task.get(5, TimeUnit.SECONDS);
    } catch (ExecutionException | java.util.concurrent.TimeoutException none) {
      return "";
    }
  }

  /// What a test waits for; may fail meanwhile.
  @FunctionalInterface
  interface Condition {
    boolean holds() throws Exception;
  }

  static void await(Condition condition) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within " + PATIENCE);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }
}
