package dev.warren.e2e.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.e2e.kit.Eventually;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/// Another machine, as far as the network goes: a network namespace with one cable to this host and
/// no route beyond it. Needs root.
final class FencedMachine implements AutoCloseable {
  private final String name;
  private final String link;
  private final String subnet;
  private final Path home;

  FencedMachine(Path home) {
    int number = ThreadLocalRandom.current().nextInt(1, 250);
    this.name = "warren-e2e-" + number;
    this.link = "wrn" + number;
    this.subnet = "10.213." + number;
    this.home = home;
    host("ip", "netns", "add", name);
    host("ip", "link", "add", link, "type", "veth", "peer", "name", "out", "netns", name);
    host("ip", "addr", "add", hostAddress() + "/29", "dev", link);
    host("ip", "link", "set", link, "up");
    host("ip", "-n", name, "addr", "add", subnet + ".2/29", "dev", "out");
    host("ip", "-n", name, "link", "set", "out", "up");
    host("ip", "-n", name, "link", "set", "lo", "up");
  }

  /// This host, as the machine sees it.
  String hostAddress() {
    return subnet + ".1";
  }

  /// The machine gets another address in the place of its own.
  void move() {
    host("ip", "-n", name, "addr", "flush", "dev", "out");
    host("ip", "-n", name, "addr", "add", subnet + ".3/29", "dev", "out");
  }

  /// Whether the machine's cable is in.
  void plug(boolean in) {
    host("ip", "-n", name, "link", "set", "out", in ? "up" : "down");
  }

  /// What a shell on the machine prints; its exit status is the last line.
  String shell(String command) {
    return run(
        Map.of("HOME", home.toString(), "PATH", System.getenv("PATH")),
        List.of("ip", "netns", "exec", name, "sh", "-c", command + "\necho \"exit $?\""));
  }

  private static void host(String... command) {
    run(System.getenv(), List.of(command));
  }

  private static String run(Map<String, String> environment, List<String> command) {
    try {
      // to a file: what the command leaves behind in the background may keep a pipe open
      Path output = Files.createTempFile("warren-e2e", ".out");
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().clear();
      builder.environment().putAll(environment);
      int exit = builder.redirectOutput(output.toFile()).start().waitFor();
      String said = Files.readString(output, StandardCharsets.UTF_8);
      Files.delete(output);
      assertThat(exit).as(command + ": " + said).isZero();
      return said;
    } catch (IOException e) {
      throw new AssertionError(command.toString(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(command.toString(), e);
    }
  }

  /// Ends what runs on the machine, and the machine.
  @Override
  public void close() {
    List<Long> left = new ArrayList<>();
    for (String pid : run(System.getenv(), List.of("ip", "netns", "pids", name)).split("\\s+")) {
      if (!pid.isEmpty()) {
        left.add(Long.parseLong(pid));
      }
    }
    left.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    Eventually.holds(
        "the machine is empty",
        Duration.ofSeconds(10),
        () -> run(System.getenv(), List.of("ip", "netns", "pids", name)).isBlank());
    host("ip", "netns", "del", name);
  }
}
