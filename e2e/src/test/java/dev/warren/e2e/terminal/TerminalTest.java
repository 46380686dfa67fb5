package dev.warren.e2e.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.warren.e2e.kit.ApiClient;
import dev.warren.e2e.kit.BrowserScene;
import dev.warren.e2e.kit.Eventually;
import dev.warren.e2e.kit.WarrenProcess;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Terminals of a real workspace through a real control plane.
final class TerminalTest {
  private static final int CLOSE_REVOKED = 4401;
  private static final int CLOSE_ENDED = 4410;
  private static final Duration WITHIN = Duration.ofSeconds(60);

  @TempDir private Path folder;

  @Test
  void terminalInTheBrowserOutlivesThePageAndServesTwoTabs() {
    Optional<String> missing = BrowserScene.missing();
    assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
    try (WarrenProcess warren = new WarrenProcess(folder, Map.of())) {
      String workspace = warren.signIn().createLocalWorkspace("term");
      try (BrowserScene scene =
          new BrowserScene("terminal", warren, folder, Optional.of(workspace))) {
        scene.ends();
      }
    }
    assertThat(folder.resolve("terminal-reloaded.png")).isNotEmptyFile();
  }

  @Test
  void ownerAloneHasTheTerminalAndARevokedTokenEndsIt() {
    try (WarrenProcess warren = new WarrenProcess(folder, Map.of())) {
      ApiClient api = warren.signIn();
      String workspace = api.createLocalWorkspace("mine");
      UUID session = UUID.randomUUID();
      try (TerminalSocket first = new TerminalSocket(api, workspace, session)) {
        first.type("PS1='$ '; echo here-$((1+1)) $(stty size)\n");
        first.awaitText("here-2 24 80");
        first.say("{\"resize\":{\"cols\":100,\"rows\":30}}");
        first.awaitTold("{\"size\":{\"cols\":100,\"rows\":30}}");
        first.type("stty size\n");
        first.awaitText("30 100");
        try (TerminalSocket malformed = new TerminalSocket(api, workspace, session)) {
          malformed.awaitText("here-2");
          malformed.say("{\"resize\":{\"cols\":0,\"rows\":30}}");
          assertThat(malformed.awaitClose()).isEqualTo(1007);
        }
      }
      // A token of its own, revoked while a terminal is open with it.
      String token =
          api.post("/tokens", Map.of("name", "t", "lifetime_s", 3600)).path("token").asString();
      String tokenId = api.get("/tokens").path("items").get(0).path("id").asString();
      ApiClient byToken = ApiClient.withToken(api.url(), token);
      try (TerminalSocket again = new TerminalSocket(byToken, workspace, session)) {
        again.awaitText("here-2 24 80");
        api.delete("/tokens/" + tokenId);
        assertThat(again.awaitClose()).isEqualTo(CLOSE_REVOKED);
      }
      // The shell's end, and a workspace that is stopped.
      try (TerminalSocket last = new TerminalSocket(api, workspace, session)) {
        last.awaitText("here-2 24 80");
        last.type("exit 7\n");
        last.awaitTold("{\"exit\":7}");
        assertThat(last.awaitClose()).isEqualTo(CLOSE_ENDED);
      }
      api.post("/workspaces/" + workspace + "/builds", Map.of("transition", "stop"));
      Eventually.holds(
          "the workspace is stopped",
          WITHIN,
          () -> api.get("/workspaces/" + workspace).path("status").asString().equals("stopped"));
      assertRefused(api, workspace, 409);
      assertRefused(ApiClient.nobody(api.url()), workspace, 401);
    }
  }

  @Test
  void anAdministratorDoesNotOpenSomebodyElsesTerminal() {
    try (WarrenProcess warren = new WarrenProcess(folder, Map.of())) {
      ApiClient api = warren.signIn();
      api.post(
          "/users",
          Map.of("email", "bo@example.com", "username", "bo", "password", "a-long-password-7"));
      ApiClient bo = ApiClient.signIn(api.url(), "bo@example.com", "a-long-password-7");
      String template =
          api.post("/templates", Map.of("name", "machine", "engine", "external"))
              .path("id")
              .asString();
      String workspace =
          bo.post("/workspaces", Map.of("name", "bos", "template_id", template))
              .path("id")
              .asString();
      assertRefused(api, workspace, 403);
    }
  }

  private static void assertRefused(ApiClient api, String workspace, int status) {
    assertThatThrownBy(() -> new TerminalSocket(api, workspace, UUID.randomUUID()).close())
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            WebSocketHandshakeException.class,
            refused -> assertThat(refused.getResponse().statusCode()).isEqualTo(status));
  }
}
