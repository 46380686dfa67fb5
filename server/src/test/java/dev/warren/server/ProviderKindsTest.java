package dev.warren.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.protocol.Json;
import dev.warren.scripted.Script;
import dev.warren.scripted.ScriptedModel;
import dev.warren.server.db.PostgresForTests;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Every kind of provider, from the environment of the first start to an answer in a chat.
final class ProviderKindsTest {
  private static final String SCRIPT =
      """
      {"rules": [{"turns": [[
        {"reasoning": "hm"}, {"text": "Hello from {{model}}."},
        {"usage": {"input_tokens": 1000, "output_tokens": 100, "cache_read_tokens": 400}}]]}]}
      """;

  @TempDir Path folder;
  private ScriptedModel model;
  private ControlPlaneFixture warren;

  @BeforeEach
  void start() throws Exception {
    model = new ScriptedModel(Script.parse(SCRIPT));
    model.start();
    String url = model.anthropicUrl();
    Map<String, String> environment = new HashMap<>();
    environment.put("ANTHROPIC_API_KEY", "sk-ant-kinds-0001");
    environment.put("ANTHROPIC_BASE_URL", url);
    environment.put("OPENAI_API_KEY", "sk-openai-kinds-0002");
    environment.put("OPENAI_BASE_URL", url + "/v1");
    environment.put("GEMINI_API_KEY", "gemini-kinds-0003");
    environment.put("GOOGLE_GEMINI_BASE_URL", url);
    environment.put("AZURE_OPENAI_API_KEY", "azure-kinds-0004");
    environment.put("AZURE_OPENAI_ENDPOINT", url);
    environment.put("AWS_ACCESS_KEY_ID", "AKIDKINDS");
    environment.put("AWS_SECRET_ACCESS_KEY", "aws-kinds-secret-0005");
    environment.put("AWS_REGION", "eu-west-1");
    environment.put("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", url);
    warren = ControlPlaneFixture.start(folder, PostgresForTests.createEmpty(true), environment);
  }

  @AfterEach
  void stop() {
    warren.close();
    model.close();
  }

  private JsonNode get(String path) throws Exception {
    return warren.json("GET", path, warren.admin(), "");
  }

  private JsonNode post(String path, String body) throws Exception {
    return warren.json("POST", path, warren.admin(), body);
  }

  @Test
  void eachOneThatTheEnvironmentNamesAnswersInAChat() throws Exception {
    List<String> kinds = new ArrayList<>();
    for (JsonNode provider : get("/admin/providers").path("items")) {
      kinds.add(provider.get("kind").asString());
      JsonNode tested = post("/admin/providers/" + provider.get("id").asString() + "/test", "");
      assertThat(tested.get("ok").asBoolean()).as("%s: %s", provider, tested).isTrue();
    }
    assertThat(kinds)
        .containsExactlyInAnyOrder("anthropic", "openai", "google", "azure", "bedrock");
    Map<String, JsonNode> firstModels = new HashMap<>();
    for (JsonNode offered : get("/models?limit=200").path("items")) {
      firstModels.putIfAbsent(offered.get("provider").asString(), offered);
    }
    assertThat(firstModels).hasSize(5);
    for (JsonNode offered : firstModels.values()) {
      JsonNode chat = answered(offered.get("id").asString());
      String name = offered.get("name").asString();
      assertThat(chat.toString()).contains("Hello from " + name + ".");
      JsonNode usage = get("/chats/" + chat.get("chat").asString()).path("usage");
      assertThat(usage.path("cache_read_tokens").asLong()).as(name).isEqualTo(400);
      assertThat(usage.path("cost_usd").isMissingNode()).as(name + " has a price").isFalse();
    }
    assertThat(metrics())
        .contains("warren_model_input_cached_ratio{provider=\"Anthropic\"")
        .contains("warren_model_tokens_total{kind=\"cache_read\"");
  }

  @Test
  void modelsGetTheFiguresOfTheCatalogueAndUnknownOnesNone() throws Exception {
    String official =
        post("/admin/providers", "{\"name\":\"plain\",\"kind\":\"anthropic\",\"api_key\":\"sk-x\"}")
            .get("id")
            .asString();
    String body = "{\"provider_id\":\"%s\",\"name\":\"%s\"}";
    JsonNode known = post("/admin/models", body.formatted(official, "claude-sonnet-4-5"));
    assertThat(known.get("context_limit").asLong()).isGreaterThan(100_000);
    assertThat(known.path("prices").path("output_usd").asDouble()).isPositive();
    assertThat(known.path("reasoning_levels").path(1))
        .hasToString(
            "{\"level\":\"low\",\"options\":{\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":4096}}}");
    JsonNode unknown = post("/admin/models", body.formatted(official, "no-such-model"));
    assertThat(unknown.path("errors").path(0).path("field").asString()).isEqualTo("context_limit");
    JsonNode own =
        post(
            "/admin/models",
            "{\"provider_id\":\"%s\",\"name\":\"mine\",\"context_limit\":5000}"
                .formatted(official));
    assertThat(own.has("prices")).isFalse();
    assertThat(own.path("reasoning_levels")).isEmpty();
  }

  /// Waits for the end of a chat's turn; its messages, with its id.
  private JsonNode answered(String modelId) throws Exception {
    String chat =
        post(
                "/chats",
                "{\"content\":[{\"type\":\"text\",\"text\":\"hi\"}],\"model_id\":\"%s\"}"
                    .formatted(modelId))
            .get("id")
            .asString();
    HttpRequest events =
        HttpRequest.newBuilder(warren.uri("/api/v1/chats/" + chat + "/events"))
            .header("Authorization", "Bearer " + warren.admin())
            .build();
    try (Stream<String> lines = warren.client().send(events, BodyHandlers.ofLines()).body()) {
      assertThat(
              lines.anyMatch(line ->
                  line.contains("\"status\":\"waiting\"") || line.contains("\"status\":\"error\"")))
          .isTrue();
    }
    return Json.STRICT
        .createObjectNode()
        .put("chat", chat)
        .set("messages", get("/chats/" + chat + "/messages"));
  }

  private String metrics() throws Exception {
    HttpRequest request = HttpRequest.newBuilder(warren.uri("/metrics")).build();
    return warren.client().send(request, BodyHandlers.ofString()).body();
  }
}
