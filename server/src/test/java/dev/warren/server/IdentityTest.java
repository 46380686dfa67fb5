package dev.warren.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.protocol.Json;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class IdentityTest {
  @TempDir static Path folder;
  private static ControlPlaneFixture warren;

  @BeforeAll
  static void start() throws Exception {
    warren = ControlPlaneFixture.start(folder);
  }

  @AfterAll
  static void stop() {
    warren.close();
  }

  private static int status(String method, String path, String token, String body)
      throws Exception {
    return warren.send(method, path, Optional.of(token), body).statusCode();
  }

  @Test
  void theSettingsAdministratorSignsInAndIsTheOnlyUser() throws Exception {
    JsonNode me = warren.json("GET", "/users/me", warren.admin(), "");
    assertThat(me.get("username").asString()).isEqualTo("ada");
    assertThat(me.get("role").asString()).isEqualTo("admin");
    var first =
        warren.send(
            "POST",
            "/users/first",
            Optional.empty(),
            "{\"email\":\"x@y.z\",\"username\":\"x\",\"password\":\"a long enough one\",\"setup_code\":\"guess\"}");
    assertThat(first.statusCode()).isEqualTo(409);
  }

  @Test
  void aCookieNeedsTheSecretThatSigningInAnswered() throws Exception {
    warren.member("cookie");
    HttpResponse<String> signedIn =
        warren.send(
            "POST",
            "/sessions",
            Optional.empty(),
            "{\"email\":\"cookie@example.org\",\"password\":\""
                + ControlPlaneFixture.PASSWORD
                + "\"}");
    String header = signedIn.headers().firstValue("Set-Cookie").orElseThrow();
    assertThat(header).contains("HttpOnly", "SameSite=Lax", "Path=/");
    String cookie = header.substring(0, header.indexOf(';'));
    String csrf = Json.STRICT.readTree(signedIn.body()).get("csrf").asString();
    HttpRequest.Builder bare =
        HttpRequest.newBuilder(warren.uri("/api/v1/users/me")).header("Cookie", cookie);
    assertThat(code(bare.copy())).isEqualTo(403);
    assertThat(code(bare.copy().header("X-Warren-CSRF", "x" + csrf))).isEqualTo(403);
    assertThat(code(bare.copy().header("X-Warren-CSRF", csrf))).isEqualTo(200);
    // The cookie's value is no token: a page of a workspace that got it cannot use it as one.
    String value = cookie.substring(cookie.indexOf('=') + 1);
    assertThat(status("GET", "/users/me", value, "")).isEqualTo(401);
    HttpRequest.Builder end =
        HttpRequest.newBuilder(warren.uri("/api/v1/sessions/current"))
            .header("Cookie", cookie)
            .header("X-Warren-CSRF", csrf)
            .DELETE();
    assertThat(code(end)).isEqualTo(204);
    assertThat(code(bare.copy().header("X-Warren-CSRF", csrf))).isEqualTo(401);
  }

  private static int code(HttpRequest.Builder request) throws Exception {
    return warren.client().send(request.build(), BodyHandlers.ofString()).statusCode();
  }

  @Test
  void guessingIsSlowedDown() throws Exception {
    warren.member("guessed");
    int last = 0;
    for (int i = 0; i < 8; i++) {
      var response =
          warren.send(
              "POST",
              "/sessions",
              Optional.empty(),
              "{\"email\":\"guessed@example.org\",\"password\":\"wrong number " + i + "\"}");
      last = response.statusCode();
      if (last == 429) {
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
        break;
      }
      assertThat(last).isEqualTo(401);
    }
    assertThat(last).isEqualTo(429);
  }

  @Test
  void aTokenIsShownOnceHasAScopeAndIsRevoked() throws Exception {
    String owner = warren.member("tokens");
    JsonNode made =
        warren.json(
            "POST", "/tokens", owner, "{\"name\":\"ci\",\"lifetime_s\":3600,\"scope\":\"read\"}");
    String secret = made.get("token").asString();
    assertThat(secret).startsWith("wrn_");
    assertThat(status("GET", "/users/me", secret, "")).isEqualTo(200);
    assertThat(status("POST", "/tokens", secret, "{\"name\":\"more\"}")).isEqualTo(403);
    String listed = warren.send("GET", "/tokens", Optional.of(owner), "").body();
    assertThat(listed).contains("\"ci\"").doesNotContain(secret);
    // To the same digit: the database keeps what was answered.
    assertThat(listed)
        .contains(made.get("created_at").asString(), made.get("expires_at").asString());
    String id = made.get("id").asString();
    String other = warren.member("nosy");
    assertThat(status("DELETE", "/tokens/" + id, other, "")).isEqualTo(404);
    assertThat(status("DELETE", "/tokens/" + id, owner, "")).isEqualTo(204);
    assertThat(status("GET", "/users/me", secret, "")).isEqualTo(401);
  }

  @Test
  void aTokenForWorkspacesOpensNothingElse() throws Exception {
    String owner = warren.member("spaces");
    String secret =
        warren
            .json("POST", "/tokens", owner, "{\"name\":\"ssh\",\"scope\":\"workspaces\"}")
            .get("token")
            .asString();
    assertThat(status("GET", "/workspaces", secret, "")).isEqualTo(200);
    assertThat(status("GET", "/users/me", secret, "")).isEqualTo(200);
    assertThat(status("GET", "/chats", secret, "")).isEqualTo(403);
    assertThat(status("GET", "/tokens", secret, "")).isEqualTo(403);
  }

  @Test
  void aSuspendedUserIsOutAtOnceAndHisStreamsEnd() throws Exception {
    String token = warren.member("leaving");
    String id = warren.json("GET", "/users/me", token, "").get("id").asString();
    BlockingQueue<Integer> closed = new LinkedBlockingQueue<>();
    warren
        .client()
        .newWebSocketBuilder()
        .header("Authorization", "Bearer " + token)
        .buildAsync(
            java.net.URI.create(warren.uri("/api/v1/events").toString().replace("http", "ws")),
            new WebSocket.Listener() {
              @Override
              public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
                closed.add(code);
                return null;
              }
            })
        .join();
    assertThat(status("PATCH", "/users/" + id, warren.admin(), "{\"suspended\":true}"))
        .isEqualTo(200);
    assertThat(closed.poll(5, TimeUnit.SECONDS)).isEqualTo(4401);
    assertThat(status("GET", "/users/me", token, "")).isEqualTo(401);
    var signIn =
        warren.send(
            "POST",
            "/sessions",
            Optional.empty(),
            "{\"email\":\"leaving@example.org\",\"password\":\""
                + ControlPlaneFixture.PASSWORD
                + "\"}");
    assertThat(signIn.statusCode()).isEqualTo(401);
  }

  @Test
  void theLastAdministratorStays() throws Exception {
    String id = warren.json("GET", "/users/me", warren.admin(), "").get("id").asString();
    assertThat(status("PATCH", "/users/" + id, warren.admin(), "{\"role\":\"member\"}"))
        .isEqualTo(409);
    assertThat(status("PATCH", "/users/" + id, warren.admin(), "{\"suspended\":true}"))
        .isEqualTo(409);
    assertThat(status("DELETE", "/users/" + id, warren.admin(), "")).isEqualTo(409);
    assertThat(warren.json("GET", "/users/me", warren.admin(), "").get("role").asString())
        .isEqualTo("admin");
  }

  @Test
  void aNewPasswordNeedsTheOldOneAndEndsOtherSessions() throws Exception {
    String here = warren.member("changer");
    String elsewhere =
        warren.signIn("changer@example.org", ControlPlaneFixture.PASSWORD).get("token").asString();
    String body = "{\"password\":\"another good one\",\"current_password\":\"%s\"}";
    assertThat(status("PATCH", "/users/me", here, body.formatted("not it"))).isEqualTo(400);
    assertThat(status("PATCH", "/users/me", here, body.formatted(ControlPlaneFixture.PASSWORD)))
        .isEqualTo(200);
    assertThat(status("GET", "/users/me", here, "")).isEqualTo(200);
    assertThat(status("GET", "/users/me", elsewhere, "")).isEqualTo(401);
  }

  @Test
  void namesAndEmailsAreOneUsersOnly() throws Exception {
    warren.member("twice");
    String body = "{\"email\":\"TWICE@example.org\",\"username\":\"other\"}";
    assertThat(status("POST", "/users", warren.admin(), body)).isEqualTo(409);
    assertThat(status("DELETE", "/users/" + UUID.randomUUID(), warren.admin(), "")).isEqualTo(404);
  }

  @Test
  void whatWasDoneStandsInTheAuditLogWithoutSecrets() throws Exception {
    warren.member("audited");
    String log = warren.send("GET", "/audit?limit=200", Optional.of(warren.admin()), "").body();
    assertThat(log)
        .contains("user.create", "session.create")
        .doesNotContain(ControlPlaneFixture.PASSWORD);
    String auditor = warren.user("auditor", "auditor");
    assertThat(status("GET", "/audit", auditor, "")).isEqualTo(200);
    assertThat(status("GET", "/admin/providers", auditor, "")).isEqualTo(403);
  }

  @Test
  void listsComeInParts() throws Exception {
    warren.member("part1");
    warren.member("part2");
    JsonNode first = warren.json("GET", "/users?limit=2", warren.admin(), "");
    assertThat(first.get("items").size()).isEqualTo(2);
    JsonNode second =
        warren.json(
            "GET",
            "/users?limit=2&cursor=" + first.get("next_cursor").asString(),
            warren.admin(),
            "");
    assertThat(second.get("items").get(0).get("id"))
        .isNotEqualTo(first.get("items").get(1).get("id"));
    assertThat(status("GET", "/users?cursor=nonsense", warren.admin(), "")).isEqualTo(400);
  }

  @Test
  void filesAreKeptByWhatTheyAreAndForTheirOwner() throws Exception {
    String owner = warren.member("files");
    byte[] png = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 1};
    HttpRequest upload =
        HttpRequest.newBuilder(warren.uri("/api/v1/files?name=..%2F..%2Fa%22b.png"))
            .header("Authorization", "Bearer " + owner)
            .header("Content-Type", "text/html")
            .POST(BodyPublishers.ofByteArray(png))
            .build();
    JsonNode file =
        Json.STRICT.readTree(warren.client().send(upload, BodyHandlers.ofString()).body());
    assertThat(file.get("media_type").asString()).isEqualTo("image/png");
    assertThat(file.get("name").asString()).isEqualTo("a_b.png");
    String path = "/files/" + file.get("id").asString();
    var back = warren.send("GET", path, Optional.of(owner), "");
    assertThat(back.headers().firstValue("Content-Type")).contains("image/png");
    assertThat(back.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(back.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("sandbox");
    assertThat(status("GET", path, warren.admin(), "")).isEqualTo(404);
    HttpRequest binary =
        HttpRequest.newBuilder(warren.uri("/api/v1/files"))
            .header("Authorization", "Bearer " + owner)
            .POST(BodyPublishers.ofByteArray(new byte[] {0, 1, 2, 3}))
            .build();
    assertThat(warren.client().send(binary, BodyHandlers.ofString()).statusCode()).isEqualTo(415);
  }
}
