package dev.warren.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.e2e.kit.ApiClient;
import dev.warren.e2e.kit.FreePort;
import dev.warren.e2e.kit.Scripts;
import dev.warren.e2e.kit.WarrenProcess;
import dev.warren.protocol.Json;
import dev.warren.scripted.ScriptedModel;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What comes in wrong is refused with a problem, on every endpoint that the description lists; and
/// what goes wrong at a provider is said in the chat, which can go on.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BadInputTest {
  /// What anybody may call.
  private static final Set<String> OPEN =
      Set.of(
          "POST /api/v1/sessions",
          "POST /api/v1/sessions/link",
          "GET /api/v1/users/first",
          "POST /api/v1/users/first",
          "GET /api/v1/openapi.json");

  private static final int OVERSIZED_BYTES = 64 * 1024 * 1024;

  /// @param path with its parameters in braces
  private record Endpoint(String method, String path, boolean takesJson) {
    @Override
    public String toString() {
      return method + " " + path;
    }

    /// The path with a value for each parameter, from behind `/api/v1`.
    String with(String id) {
      return path.substring("/api/v1".length()).replaceAll("\\{[^}]+}", id);
    }
  }

  private final ScriptedModel model =
      new ScriptedModel(
          Scripts.script(
              Map.of("api_key", "right", "models", List.of("scripted")),
              Scripts.rule("hello", Scripts.round(Scripts.text("Hello.")))));
  private WarrenProcess warren;
  private ApiClient api;

  @BeforeAll
  void start(@TempDir Path folder) {
    model.start();
    warren = new WarrenProcess(folder, Map.of());
    api = warren.signIn();
  }

  @AfterAll
  void stop() {
    model.close();
    warren.close();
  }

  @Test
  void theDescriptionListsTheApi() {
    assertThat(endpoints())
        .extracting(Endpoint::toString)
        .contains(
            "POST /api/v1/sessions",
            "GET /api/v1/users/me",
            "POST /api/v1/chats",
            "GET /api/v1/chats/{id}/messages",
            "POST /api/v1/workspaces",
            "GET /api/v1/templates",
            "POST /api/v1/admin/providers");
  }

  @Test
  void nobodyGetsInWithoutASession() {
    ApiClient nobody = ApiClient.nobody(warren.url());
    for (Endpoint endpoint : endpoints()) {
      if (!OPEN.contains(endpoint.toString())) {
        isProblem(
            send(nobody, endpoint, UUID.randomUUID().toString(), "{}"), endpoint, Set.of(401));
      }
    }
  }

  @Test
  void idsThatAreNoneAreRefused() {
    for (Endpoint endpoint : endpoints()) {
      if (endpoint.path().contains("{")) {
        isProblem(send(api, endpoint, "no-such-id", "{}"), endpoint, Set.of(400, 404, 405, 426));
      }
    }
  }

  @Test
  void jsonThatIsNoneUnknownFieldsAndWrongTypesAreRefused() {
    List<String> bodies =
        List.of("{", "nonsense", "[]", "\"text\"", "{\"no_such_field\": 1}", "{} {}");
    for (Endpoint endpoint : endpoints()) {
      if (endpoint.takesJson()) {
        for (String body : bodies) {
          // Without the thing that the path names, both answers are right.
          Set<Integer> expected = endpoint.path().contains("{") ? Set.of(400, 404) : Set.of(400);
          isProblem(send(api, endpoint, UUID.randomUUID().toString(), body), endpoint, expected);
        }
      }
    }
  }

  @Test
  void theFieldThatIsWrongIsNamed() {
    HttpResponse<String> response =
        send(api, new Endpoint("POST", "/api/v1/chats", true), "", "{\"content\": 7, \"mood\": 1}");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(Json.LENIENT.readTree(response.body()).path("errors").toString())
        .containsAnyOf("content", "mood");
  }

  @Test
  void whatIsTooLargeIsRefused() {
    String body =
        Json.STRICT.writeValueAsString(
            Map.of("content", ApiClient.text("x".repeat(OVERSIZED_BYTES))));
    isProblem(
        send(api, new Endpoint("POST", "/api/v1/chats", true), "", body),
        "POST /chats",
        Set.of(413));
  }

  @Test
  void aProviderThatFailsIsSaidInTheChatWhichGoesOn() {
    String right = api.addModel("anthropic", model.anthropicUrl(), "right", "scripted");
    String dead = "http://127.0.0.1:" + FreePort.find();
    Map<String, String> wrong =
        Map.of(
            "key", api.addModel("anthropic", model.anthropicUrl(), "wrong", "scripted"),
            "model", api.addModel("anthropic", model.anthropicUrl(), "right", "no-such-model"),
            "host", api.addModel("openai_compatible", dead + "/v1", "right", "scripted"));
    wrong.forEach((what, modelId) -> {
      String chatId =
          api.post("/chats", Map.of("content", ApiClient.text("hello"), "model_id", modelId))
              .path("id")
              .asString();
      JsonNode failed = api.awaitIdle(chatId);
      assertThat(failed.path("status").asString()).as(what).isEqualTo("error");
      assertThat(failed.path("last_error").toString())
          .as(what)
          .hasSizeGreaterThan(20)
          .doesNotContain("Exception", "right", "wrong");

      api.post(
          "/chats/" + chatId + "/messages",
          Map.of("content", ApiClient.text("hello again"), "model_id", right));
      assertThat(api.awaitIdle(chatId).path("status").asString()).as(what).isEqualTo("waiting");
      assertThat(api.parts(chatId, "text"))
          .last()
          .satisfies(part -> assertThat(part.path("text").asString()).isEqualTo("Hello."));
    });
  }

  private List<Endpoint> endpoints() {
    JsonNode description = api.get("/openapi.json");
    List<Endpoint> found = new ArrayList<>();
    description
        .path("paths")
        .properties()
        .forEach(path ->
            path.getValue()
                .properties()
                .forEach(operation ->
                    found.add(
                        new Endpoint(
                            operation.getKey().toUpperCase(Locale.ROOT),
                            path.getKey(),
                            operation
                                .getValue()
                                .path("requestBody")
                                .path("content")
                                .has("application/json")))));
    return found.stream().filter(endpoint -> endpoint.path().startsWith("/api/v1/")).toList();
  }

  private static HttpResponse<String> send(
      ApiClient client, Endpoint endpoint, String id, String body) {
    HttpRequest.Builder request = client.request(endpoint.with(id));
    if (endpoint.takesJson()) {
      request.header("Content-Type", "application/json");
      request.method(endpoint.method(), BodyPublishers.ofString(body));
    } else {
      request.method(endpoint.method(), BodyPublishers.noBody());
    }
    return client.send(request);
  }

  private static void isProblem(HttpResponse<String> response, Object what, Set<Integer> expected) {
    assertThat(expected)
        .as("%s answered %d %s", what, response.statusCode(), response.body())
        .contains(response.statusCode());
    assertThat(response.headers().firstValue("Content-Type").orElse(""))
        .as("%s", what)
        .startsWith("application/problem+json");
    JsonNode problem = Json.LENIENT.readTree(response.body());
    assertThat(problem.path("status").asInt()).as("%s", what).isEqualTo(response.statusCode());
    assertThat(problem.path("title").asString("")).as("%s", what).isNotBlank();
    assertThat(problem.path("detail").asString("")).as("%s", what).isNotBlank();
  }
}
