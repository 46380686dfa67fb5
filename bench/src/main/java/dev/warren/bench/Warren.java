package dev.warren.bench;

import dev.warren.protocol.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// A control plane as users run it, with data of its own, and its API.
final class Warren implements AutoCloseable {
  private static final String PASSWORD = "a long enough passphrase";
  private static final Duration READY_DEADLINE = Duration.ofMinutes(3);

  private static final Duration REST_DEADLINE = Duration.ofMinutes(5);

  private final HttpClient http = HttpClient.newHttpClient();
  private final Path data;
  private final Program program;
  private final int port;
  private final Duration startTime;
  private final String token;

  /// Starts it and waits until it is ready.
  ///
  /// @param folder for its data and log
  Warren(Path folder) {
    this.data = folder.resolve("data");
    this.port = Program.freePort();
    long began = System.nanoTime();
    this.program =
        Program.start(
            folder,
            "server",
            Map.of(
                "WARREN_ADDRESS",
                "127.0.0.1:" + port,
                "WARREN_DATA_DIR",
                data.toString(),
                "WARREN_ADMIN_USERNAME",
                "bench",
                "WARREN_ADMIN_EMAIL",
                "bench@example.org",
                "WARREN_ADMIN_PASSWORD",
                PASSWORD),
            List.of(root().resolve("warren").toString(), "server"));
    program.await("a ready control plane", READY_DEADLINE, this::ready);
    this.startTime = Duration.ofNanos(System.nanoTime() - began);
    JsonNode session =
        post("/sessions", Map.of("email", "bench@example.org", "password", PASSWORD), "");
    this.token = session.path("token").asString();
  }

  /// The repository.
  static Path root() {
    return Path.of(System.getProperty("warren.home", "dist/target/warren"))
        .toAbsolutePath()
        .normalize()
        .resolve("../../..")
        .normalize();
  }

  private boolean ready() {
    try {
      HttpRequest request = HttpRequest.newBuilder(URI.create(url() + "/readyz")).build();
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /// From the command to the first `200` of `/readyz`.
  Duration startTime() {
    return startTime;
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  int port() {
    return port;
  }

  String token() {
    return token;
  }

  /// The control plane's own process.
  List<Long> pids() {
    return List.of(program.pid());
  }

  /// Its PostgreSQL's.
  List<Long> databasePids() {
    List<Long> pids = new ArrayList<>(ProcStat.withCommand(data.toString()));
    pids.removeAll(pids());
    return pids;
  }

  /// Registers the scripted model as a provider of kind `anthropic` with one model.
  void useModel(String url) {
    useModel(url, 200_000);
  }

  /// @param contextLimit tokens of the model's window
  void useModel(String url, long contextLimit) {
    JsonNode provider =
        post(
            "/admin/providers",
            Map.of("name", "scripted", "kind", "anthropic", "base_url", url, "api_key", "none"),
            token);
    post(
        "/admin/models",
        Map.of(
            "provider_id",
            provider.path("id").asString(),
            "name",
            "scripted",
            "context_limit",
            contextLimit,
            // Nothing is summarised unless that is asked for.
            "compaction_threshold",
            1),
        token);
  }

  /// @return the new chat's id
  String chat(String text) {
    Map<String, String> part = Map.of("type", "text", "text", text);
    return post("/chats", Map.of("content", List.of(part)), token).path("id").asString();
  }

  /// Interrupts every chat that still runs and waits until all have stopped.
  void interruptAll() {
    long end = System.nanoTime() + READY_DEADLINE.toNanos();
    List<String> running = running();
    running.forEach(id -> post("/chats/" + id + "/interrupt", Map.of(), token));
    while (!running.isEmpty()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException(running.size() + " chats do not stop");
      }
      Program.pause(Duration.ofMillis(200));
      running = running();
    }
  }

  /// Waits until no chat is at work.
  ///
  /// @throws IllegalStateException when it takes too long, or a chat failed
  void awaitRest() {
    long end = System.nanoTime() + REST_DEADLINE.toNanos();
    while (some("pending") || some("running")) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("the chats do not come to rest");
      }
      Program.pause(Duration.ofMillis(200));
    }
    JsonNode failed = get("/chats?limit=1&status=error").path("items");
    if (!failed.isEmpty()) {
      throw new IllegalStateException("a chat failed: " + failed.path(0).path("last_error"));
    }
  }

  private boolean some(String status) {
    return !get("/chats?limit=1&status=" + status).path("items").isEmpty();
  }

  /// What is alive on the heap.
  double heapKib() {
    return JavaHeap.liveKib(program.pid());
  }

  private List<String> running() {
    List<String> ids = new ArrayList<>();
    for (String status : List.of("pending", "running", "interrupting")) {
      String cursor = "";
      do {
        JsonNode page = get("/chats?limit=200&status=" + status + cursor);
        page.path("items").forEach(chat -> ids.add(chat.path("id").asString()));
        cursor =
            page.path("next_cursor").isString()
                ? "&cursor=" + page.path("next_cursor").asString()
                : "";
      } while (!cursor.isEmpty());
    }
    return ids;
  }

  JsonNode get(String path) {
    return send(HttpRequest.newBuilder(api(path)).header("Authorization", "Bearer " + token));
  }

  JsonNode post(String path, Object body) {
    return post(path, body, token);
  }

  private JsonNode post(String path, Object body, String bearer) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(api(path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(Json.STRICT.writeValueAsString(body)));
    return send(bearer.isEmpty() ? request : request.header("Authorization", "Bearer " + bearer));
  }

  private URI api(String path) {
    return URI.create(url() + "/api/v1" + path);
  }

  private JsonNode send(HttpRequest.Builder builder) {
    try {
      HttpResponse<String> response =
          http.send(
              builder.timeout(Duration.ofSeconds(60)).build(),
              HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() >= 300) {
        throw new IllegalStateException(
            response.request().uri() + " answered " + response.statusCode() + response.body());
      }
      return Json.LENIENT.readTree(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    http.close();
    program.close();
  }
}
