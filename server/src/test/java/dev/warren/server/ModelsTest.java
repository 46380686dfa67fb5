package dev.warren.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.server.db.PostgresForTests;
import dev.warren.server.db.PostgresUrl;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

final class ModelsTest {
  private static final String KEY = "sk-a-secret-key-1234";
  private static final String KEY_A = Base64.getEncoder().encodeToString(new byte[32]);
  private static final String KEY_B = Base64.getEncoder().encodeToString("b".repeat(32).getBytes());

  @TempDir static Path folder;
  private static ControlPlaneFixture warren;

  @BeforeAll
  static void start() throws Exception {
    warren = ControlPlaneFixture.start(folder.resolve("shared"));
  }

  @AfterAll
  static void stop() {
    warren.close();
  }

  private static JsonNode post(String path, String body) throws Exception {
    return warren.json("POST", path, warren.admin(), body);
  }

  private static JsonNode patch(String path, String body) throws Exception {
    return warren.json("PATCH", path, warren.admin(), body);
  }

  private static String provider(String name) throws Exception {
    return post(
            "/admin/providers",
            "{\"name\":\"%s\",\"kind\":\"openai_compatible\",\"base_url\":\"http://127.0.0.1:9/v1\",\"api_key\":\"%s\"}"
                .formatted(name, KEY))
        .get("id")
        .asString();
  }

  @Test
  void aKeyGoesInAndNeverComesOut() throws Exception {
    String id = provider("keyed");
    JsonNode shown = warren.json("GET", "/admin/providers/" + id, warren.admin(), "");
    assertThat(shown.get("has_key").asBoolean()).isTrue();
    assertThat(shown.get("key_hint").asString()).isEqualTo("1234");
    assertThat(warren.send("GET", "/admin/providers", Optional.of(warren.admin()), "").body())
        .doesNotContain(KEY);
    assertThat(warren.send("GET", "/audit?limit=200", Optional.of(warren.admin()), "").body())
        .doesNotContain(KEY);
  }

  @Test
  void anotherOriginAsksForTheKeyAgain() throws Exception {
    String path = "/admin/providers/" + provider("moved");
    JsonNode refused = patch(path, "{\"base_url\":\"http://127.0.0.1:10/v1\"}");
    assertThat(refused.get("errors").get(0).get("field").asString()).isEqualTo("api_key");
    assertThat(
            patch(path, "{\"base_url\":\"http://127.0.0.1:9/other\"}").get("base_url").asString())
        .endsWith("/other");
    assertThat(
            patch(
                    path,
                    "{\"base_url\":\"http://127.0.0.1:10/v1\",\"api_key\":\"sk-new-key-with-5678\"}")
                .get("key_hint")
                .asString())
        .isEqualTo("5678");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254/v1",
        "http://[fe80::1]/v1",
        "http://metadata.google.internal/",
        "ftp://127.0.0.1/",
        "http://user:pw@127.0.0.1/",
        "nonsense",
        "http://0.0.0.0/v1",
      })
  void addressesThatNoProviderHasAreRefused(String url) throws Exception {
    JsonNode refused =
        post(
            "/admin/providers",
            "{\"name\":\"bad\",\"kind\":\"openai_compatible\",\"base_url\":\"%s\"}".formatted(url));
    assertThat(refused.get("status").asInt()).isEqualTo(400);
    assertThat(refused.get("errors").get(0).get("field").asString()).isEqualTo("base_url");
  }

  @Test
  void theTestOfADeadHostSaysSo() throws Exception {
    String id = provider("dead");
    assertThat(post("/admin/providers/" + id + "/test", "").get("status").asInt()).isEqualTo(409);
    JsonNode result = post("/admin/providers/" + id + "/test", "{\"model\":\"m\"}");
    assertThat(result.get("ok").asBoolean()).isFalse();
    assertThat(result.get("detail").asString()).contains("127.0.0.1:9");
  }

  @Test
  void theFirstEnabledModelIsTheDefaultUntilOneIsChosen() throws Exception {
    String provider = provider("models");
    String body = "{\"provider_id\":\"" + provider + "\",\"name\":\"%s\",\"context_limit\":1000}";
    String first = post("/admin/models", body.formatted("first")).get("id").asString();
    String second = post("/admin/models", body.formatted("second")).get("id").asString();
    assertThat(defaultModel()).isEqualTo("first");
    patch("/admin/models/" + first, "{\"enabled\":false}");
    assertThat(defaultModel()).isEqualTo("second");
    patch("/admin/models/" + first, "{\"enabled\":true}");
    assertThat(defaultModel()).isEqualTo("first");
    patch("/admin/models/" + second, "{\"is_default\":true}");
    assertThat(defaultModel()).isEqualTo("second");
    assertThat(post("/admin/models", body.formatted("first")).get("status").asInt()).isEqualTo(409);
    warren.send("DELETE", "/admin/providers/" + provider, Optional.of(warren.admin()), "");
    assertThat(
            warren.json("GET", "/admin/models/" + first, warren.admin(), "").get("status").asInt())
        .isEqualTo(404);
  }

  private static String defaultModel() throws Exception {
    for (JsonNode model : warren.json("GET", "/models", warren.admin(), "").get("items")) {
      if (model.get("is_default").asBoolean()) {
        return model.get("name").asString();
      }
    }
    return "none";
  }

  @Test
  void settingsChangeByParts() throws Exception {
    patch("/admin/settings", "{\"system_prompt\":\"Be brief.\",\"max_steps\":7}");
    JsonNode settings = patch("/admin/settings", "{\"disabled_tools\":[\"execute\"]}");
    assertThat(settings.get("system_prompt").asString()).isEqualTo("Be brief.");
    assertThat(settings.get("max_steps").asInt()).isEqualTo(7);
    assertThat(settings.get("disabled_tools").get(0).asString()).isEqualTo("execute");
    assertThat(patch("/admin/settings", "{\"max_steps\":0}").get("status").asInt()).isEqualTo(400);
  }

  @Test
  void keysOfTheEnvironmentBecomeProvidersOnce() throws Exception {
    PostgresUrl database = PostgresForTests.createEmpty(true);
    Map<String, String> keys = Map.of("ANTHROPIC_API_KEY", KEY, "OPENAI_API_KEY", KEY);
    try (var first = ControlPlaneFixture.start(folder.resolve("env"), database, keys)) {
      assertThat(first.json("GET", "/admin/providers", first.admin(), "").get("items").size())
          .isEqualTo(2);
      assertThat(first.json("GET", "/models", first.admin(), "").get("items").size())
          .isGreaterThanOrEqualTo(2);
    }
    try (var again = ControlPlaneFixture.start(folder.resolve("env"), database, keys)) {
      assertThat(again.json("GET", "/admin/providers", again.admin(), "").get("items").size())
          .isEqualTo(2);
    }
  }

  @Test
  void aServerWithoutTheKeyOfItsDatabaseDoesNotStart() throws Exception {
    PostgresUrl database = PostgresForTests.createEmpty(true);
    String variable = "WARREN_ENCRYPTION_KEYS";
    ControlPlaneFixture.launch(folder.resolve("k1"), database, Map.of(variable, KEY_A)).close();
    assertThatThrownBy(() ->
            ControlPlaneFixture.launch(folder.resolve("k2"), database, Map.of(variable, KEY_B)))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining(variable)
        .hasMessageNotContaining(KEY_B);
    assertThatThrownBy(() -> ControlPlaneFixture.launch(folder.resolve("k3"), database, Map.of()))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining(variable + " must be set");
    // A new key in front takes over; the old one can go then.
    ControlPlaneFixture.launch(
            folder.resolve("k4"), database, Map.of(variable, KEY_B + "," + KEY_A))
        .close();
    ControlPlaneFixture.launch(folder.resolve("k5"), database, Map.of(variable, KEY_B)).close();
    assertThat(Files.exists(folder.resolve("k5/encryption.keys"))).isFalse();
  }

  @Test
  void twoFirstStartsOnOneDatabaseMakeOneAdministratorAndOneKey() throws Exception {
    PostgresUrl database = PostgresForTests.createEmpty(false);
    Map<String, String> key = Map.of("WARREN_ENCRYPTION_KEYS", KEY_A);
    var starts =
        java.util.stream.IntStream.range(0, 2)
            .mapToObj(i ->
                java.util.concurrent.CompletableFuture.supplyAsync(() -> {
                  try {
                    return ControlPlaneFixture.launch(folder.resolve("race" + i), database, key);
                  } catch (Exception e) {
                    throw new IllegalStateException(e);
                  }
                }))
            .toList();
    for (var start : starts) {
      start.join().close();
    }
    try (var after = ControlPlaneFixture.start(folder.resolve("race0"), database, key)) {
      assertThat(after.json("GET", "/users", after.admin(), "").get("items").size()).isEqualTo(1);
      assertThat(after.json("GET", "/templates", after.admin(), "").get("items").size())
          .isEqualTo(1);
    }
  }
}
