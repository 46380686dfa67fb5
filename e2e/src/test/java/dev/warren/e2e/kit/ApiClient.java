package dev.warren.e2e.kit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.protocol.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// A client of a control plane's HTTP API. Whatever is not answered with success fails the test,
/// but for [#send].
public final class ApiClient {
  private static final Duration TURN_DEADLINE = Duration.ofMinutes(4);
  private static final Duration WORKSPACE_DEADLINE = Duration.ofMinutes(2);
  private static final Set<String> IDLE = Set.of("waiting", "error", "requires_action");

  private final HttpClient http;
  private final String url;
  private final String token;

  private ApiClient(String url, String token) {
    this(url, token, HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build());
  }

  private ApiClient(String url, String token, HttpClient http) {
    this.http = http;
    this.url = url;
    this.token = token;
  }

  public static ApiClient nobody(String url) {
    return new ApiClient(url, "");
  }

  public static ApiClient withToken(String url, String token) {
    return new ApiClient(url, token);
  }

  public static ApiClient signIn(String url, String email, String password) {
    JsonNode session = nobody(url).post("/sessions", Map.of("email", email, "password", password));
    return new ApiClient(url, session.path("token").asString());
  }

  /// The same caller by another way.
  public ApiClient through(String other, HttpClient by) {
    return new ApiClient(other, token, by);
  }

  public String url() {
    return url;
  }

  public String token() {
    return token;
  }

  public HttpClient http() {
    return http;
  }

  public JsonNode get(String path) {
    return json(send(request(path).GET()), "GET " + path);
  }

  public JsonNode post(String path, Object body) {
    HttpRequest.Builder request =
        request(path)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", UUID.randomUUID().toString())
            .POST(BodyPublishers.ofString(Json.STRICT.writeValueAsString(body)));
    return json(send(request), "POST " + path);
  }

  public JsonNode patch(String path, Object body) {
    HttpRequest.Builder request =
        request(path)
            .header("Content-Type", "application/json")
            .method("PATCH", BodyPublishers.ofString(Json.STRICT.writeValueAsString(body)));
    return json(send(request), "PATCH " + path);
  }

  public void delete(String path) {
    json(send(request(path).DELETE()), "DELETE " + path);
  }

  /// A request to an API path, with the token.
  public HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + "/api/v1" + path)).timeout(Duration.ofSeconds(60));
    return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
  }

  public HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError("no answer from " + url, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /// Registers a provider with one model, which becomes the default; gives the model's id.
  public String addModel(String kind, String baseUrl, String key, String model) {
    JsonNode provider =
        post(
            "/admin/providers",
            Map.of(
                "name",
                kind + " " + UUID.randomUUID(),
                "kind",
                kind,
                "base_url",
                baseUrl,
                "api_key",
                key));
    JsonNode added =
        post(
            "/admin/models",
            Map.of(
                "provider_id",
                provider.path("id").asString(),
                "name",
                model,
                "context_limit",
                200_000,
                "is_default",
                true));
    return added.path("id").asString();
  }

  public String createChat(String prompt) {
    return post("/chats", Map.of("content", text(prompt))).path("id").asString();
  }

  public JsonNode sendMessage(String chatId, String prompt) {
    return post("/chats/" + chatId + "/messages", Map.of("content", text(prompt)));
  }

  public static List<Map<String, String>> text(String text) {
    return List.of(Map.of("type", "text", "text", text));
  }

  /// Makes a workspace of the template `local` and waits until its daemon is there; gives its id.
  public String createLocalWorkspace(String name) {
    JsonNode local =
        get("/templates")
            .path("items")
            .valueStream()
            .filter(template -> template.path("name").asString().equals("local"))
            .findFirst()
            .orElseThrow();
    String id =
        post("/workspaces", Map.of("name", name, "template_id", local.path("id").asString()))
            .path("id")
            .asString();
    Eventually.holds(
        "workspace " + name + " is connected",
        WORKSPACE_DEADLINE,
        () -> {
          JsonNode workspace = get("/workspaces/" + id);
          if (workspace.path("status").asString().equals("failed")) {
            throw new AssertionError("the build failed: " + workspace.path("latest_build"));
          }
          return workspace.path("daemon").path("status").asString("").equals("connected");
        });
    return id;
  }

  /// Waits until the agent has nothing to do; gives the chat.
  public JsonNode awaitIdle(String chatId) {
    return Eventually.get(
        "chat " + chatId + " is idle",
        TURN_DEADLINE,
        () ->
            Optional.of(get("/chats/" + chatId))
                .filter(chat -> IDLE.contains(chat.path("status").asString())));
  }

  /// The history, oldest first.
  public List<JsonNode> messages(String chatId) {
    return get("/chats/" + chatId + "/messages?limit=200").path("items").valueStream().toList();
  }

  /// All parts of one type in a chat, in their order.
  public List<JsonNode> parts(String chatId, String type) {
    return messages(chatId).stream()
        .flatMap(message -> message.path("parts").valueStream())
        .filter(part -> part.path("type").asString().equals(type))
        .toList();
  }

  private static JsonNode json(HttpResponse<String> response, String what) {
    assertThat(response.statusCode()).as("%s: %s", what, response.body()).isBetween(200, 299);
    return response.body().isEmpty()
        ? JsonNodeFactory.instance.missingNode()
        : Json.LENIENT.readTree(response.body());
  }
}
