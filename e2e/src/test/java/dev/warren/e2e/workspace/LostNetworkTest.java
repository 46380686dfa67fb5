package dev.warren.e2e.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.warren.e2e.kit.ApiClient;
import dev.warren.e2e.kit.Eventually;
import dev.warren.e2e.kit.WarrenCommand;
import dev.warren.e2e.kit.WarrenProcess;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A developer's `ssh` session while the workspace's machine changes its network and loses it.
final class LostNetworkTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /// Far under the half minute after which a silent relay is given up in any case.
  private static final Duration MOVED = Duration.ofSeconds(15);

  private static final Duration AWAY = Duration.ofSeconds(60);
  private static final Duration BACK = Duration.ofSeconds(30);

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anSshSessionSurvivesAnotherAddressAndAMinuteWithoutNetwork(boolean direct) throws Exception {
    assumeTrue(
        "root".equals(System.getProperty("user.name")), "network namespaces are made by root only");
    Path home = Files.createDirectories(folder.resolve("machine"));
    try (FencedMachine machine = new FencedMachine(home);
        WarrenProcess warren =
            new WarrenProcess(
                folder,
                Map.of(
                    "WARREN_ADDRESS",
                    "0.0.0.0:{port}",
                    "WARREN_DIRECT",
                    Boolean.toString(direct),
                    "WARREN_ACCESS_URL",
                    "http://" + machine.hostAddress() + ":{port}"))) {
      ApiClient api = warren.signIn();
      String path = "/workspaces/" + ExternalWorkspaceTest.createExternal(api);
      machine.shell(api.post(path + "/daemon-token", Map.of()).path("command").asString());
      ExternalWorkspaceTest.awaitConnected(api, path);
      String token =
          api.post("/tokens", Map.of("name", "cli", "lifetime_s", 3600)).path("token").asString();
      WarrenCommand command = new WarrenCommand(folder, warren.url(), token, Map.of());
      Path output = folder.resolve("session");
      Process session =
          command
              .call(output, "ssh", "fenced", "--", "while read line; do echo got $line; done")
              .start();
      try (OutputStream keys = session.getOutputStream()) {
        answers("one", keys, output, PATIENCE);

        machine.move();
        answers("two", keys, output, MOVED);

        machine.plug(false);
        long since = System.nanoTime();
        type("three", keys);
        Eventually.holds(
            "a minute is over",
            AWAY.plusSeconds(5),
            () -> System.nanoTime() - since > AWAY.toNanos());
        assertThat(output).content().doesNotContain("three");
        assertThat(session.isAlive()).isTrue();
        machine.plug(true);
        answered("three", output, BACK);
        answers("four", keys, output, MOVED);
      } finally {
        session.destroy();
      }
      assertThat(session.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }
  }

  private static void answers(String word, OutputStream keys, Path output, Duration within)
      throws IOException {
    type(word, keys);
    answered(word, output, within);
  }

  private static void type(String word, OutputStream keys) throws IOException {
    keys.write((word + "\n").getBytes(StandardCharsets.UTF_8));
    keys.flush();
  }

  private static void answered(String word, Path output, Duration within) {
    long began = System.nanoTime();
    Eventually.holds("the session answers " + word, within, () -> read(output).contains(word));
    System.out.printf(
        "%s was answered after %d ms%n", word, (System.nanoTime() - began) / 1_000_000);
  }

  private static String read(Path output) {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      return "";
    }
  }
}
