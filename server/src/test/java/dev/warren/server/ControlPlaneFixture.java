package dev.warren.server;

import dev.warren.protocol.Json;
import dev.warren.server.db.PostgresForTests;
import dev.warren.server.db.PostgresUrl;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A whole control plane in this JVM, on a database of its own, with its administrator.
public final class ControlPlaneFixture implements AutoCloseable {
  static final String EMAIL = "ada@example.org";
  static final String PASSWORD = "a long enough passphrase";

  private final ControlPlane controlPlane;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String admin;

  private ControlPlaneFixture(ControlPlane controlPlane) throws IOException, InterruptedException {
    this.controlPlane = controlPlane;
    this.admin = signIn(EMAIL, PASSWORD).get("token").asString();
  }

  static ControlPlaneFixture start(Path folder) throws IOException, InterruptedException {
    return start(folder, PostgresForTests.createEmpty(true), Map.of());
  }

  static ControlPlaneFixture start(Path folder, PostgresUrl database, Map<String, String> more)
      throws IOException, InterruptedException {
    return new ControlPlaneFixture(launch(folder, database, more));
  }

  static ControlPlane launch(Path folder, PostgresUrl database, Map<String, String> more)
      throws IOException, InterruptedException {
    Map<String, String> environment = new HashMap<>();
    environment.put("WARREN_ADDRESS", "127.0.0.1:0");
    environment.put("WARREN_DATA_DIR", folder.toString());
    environment.put(
        "WARREN_POSTGRES_URL",
        "postgresql://%s:%s@%s:%d/%s"
            .formatted(
                database.user(),
                database.password(),
                database.host(),
                database.port(),
                database.database()));
    environment.put("WARREN_ADMIN_USERNAME", "ada");
    environment.put("WARREN_ADMIN_EMAIL", EMAIL);
    environment.put("WARREN_ADMIN_PASSWORD", PASSWORD);
    environment.putAll(more);
    return ControlPlane.start(Settings.read(Map.of(), environment), line -> {});
  }

  ControlPlane controlPlane() {
    return controlPlane;
  }

  HttpClient client() {
    return client;
  }

  /// The administrator's token.
  String admin() {
    return admin;
  }

  JsonNode signIn(String email, String password) throws IOException, InterruptedException {
    return Json.STRICT.readTree(
        send(
                "POST",
                "/sessions",
                Optional.empty(),
                "{\"email\":\"%s\",\"password\":\"%s\"}".formatted(email, password))
            .body());
  }

  /// Makes a user and signs him in.
  String member(String name) throws IOException, InterruptedException {
    return user(name, "member");
  }

  String user(String name, String role) throws IOException, InterruptedException {
    String email = name + "@example.org";
    String body =
        "{\"email\":\"%s\",\"username\":\"%s\",\"password\":\"%s\",\"role\":\"%s\"}"
            .formatted(email, name, PASSWORD, role);
    HttpResponse<String> made = send("POST", "/users", Optional.of(admin), body);
    if (made.statusCode() != 201) {
      throw new IllegalStateException(made.body());
    }
    return signIn(email, PASSWORD).get("token").asString();
  }

  JsonNode json(String method, String path, String token, String body)
      throws IOException, InterruptedException {
    return Json.STRICT.readTree(send(method, path, Optional.of(token), body).body());
  }

  HttpResponse<String> send(String method, String path, Optional<String> token, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri("/api/v1" + path))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    token.ifPresent(value -> request.header("Authorization", "Bearer " + value));
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  URI uri(String path) {
    return controlPlane.url().resolve(path);
  }

  @Override
  public void close() {
    client.close();
    controlPlane.close();
  }
}
