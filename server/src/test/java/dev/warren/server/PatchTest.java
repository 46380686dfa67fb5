package dev.warren.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.protocol.Json;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// What a member that is sent as `null` does, and names of tools that there are not.
final class PatchTest {
  @TempDir static Path folder;
  private static ControlPlaneFixture warren;

  /// A provider, a model of it, a workspace, and a chat that has all that can be taken away.
  private static String provider;

  private static String model;
  private static String workspace;
  private static String chat;

  @BeforeAll
  static void start() throws Exception {
    warren = ControlPlaneFixture.start(folder);
    provider =
        id(
            "/admin/providers",
            """
            {"name":"p","kind":"openai_compatible","base_url":"http://127.0.0.1:9/v1",
             "api_key":"sk-a-secret-key-1234"}
            """);
    model =
        id(
            "/admin/models",
            """
            {"provider_id":"%s","name":"m","context_limit":1000}
            """
                .formatted(provider));
    String template = id("/templates", "{\"name\":\"machine\",\"engine\":\"external\"}");
    workspace = id("/workspaces", "{\"name\":\"w\",\"template_id\":\"%s\"}".formatted(template));
    chat = id("/chats", "{\"content\":[{\"type\":\"text\",\"text\":\"how it began\"}]}");
  }

  @AfterAll
  static void stop() {
    warren.close();
  }

  private static String id(String path, String body) throws Exception {
    JsonNode made = warren.json("POST", path, warren.admin(), body);
    assertThat(made.path("id").asString("")).as(made.toString()).isNotEmpty();
    return made.get("id").asString();
  }

  private static JsonNode patch(String path, String body) throws Exception {
    return warren.json("PATCH", path, warren.admin(), body);
  }

  private static String path(String kind) {
    return switch (kind) {
      case "chat" -> "/chats/" + chat;
      case "model" -> "/admin/models/" + model;
      case "provider" -> "/admin/providers/" + provider;
      default -> "/admin/settings";
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      nullValues = "absent",
      value = {
        "chat | title | \"mine\" | \"how it began\"",
        "chat | labels | {\"a\":\"b\"} | {}",
        "chat | model_id | \"MODEL\" | absent",
        "chat | workspace_id | \"WORKSPACE\" | absent",
        "chat | budget | {\"tokens\":5000} | absent",
        "chat | approval_rules | [{\"tool\":\"execute\",\"decision\":\"ask\"}] | absent",
        "model | display_name | \"Other\" | \"m\"",
        "model | max_output_tokens | 77 | absent",
        "model | compaction_threshold | 0.5 | absent",
        "model | options | {\"temperature\":1} | {}",
        "provider | options | {\"silence_s\":77} | {}",
        "settings | system_prompt | \"Be brief.\" | \"\"",
        "settings | disabled_tools | [\"execute\"] | []",
        "settings | compaction | {\"model_id\":\"MODEL\"} | {}",
        "settings | budget | {\"tokens\":5000} | {}",
        "settings | approval_rules | [{\"tool\":\"*_file\",\"decision\":\"ask\"}] | []",
      })
  void nullTakesAwayAndWhatIsNotSentStays(String kind, String member, String set, String cleared)
      throws Exception {
    String value = set.replace("MODEL", model).replace("WORKSPACE", workspace);
    JsonNode with = patch(path(kind), "{\"%s\":%s}".formatted(member, value));
    assertThat(with.path("status").isNumber()).as(with.toString()).isFalse();
    JsonNode stays = patch(path(kind), "{}");
    assertThat(stays.get(member).toString()).isEqualTo(with.get(member).toString());
    assertThat(with.get(member).toString())
        .contains(Json.STRICT.readTree(value).isObject() ? "" : value);
    JsonNode without = patch(path(kind), "{\"%s\":null}".formatted(member));
    assertThat(without.has(member) ? without.get(member).toString() : null).isEqualTo(cleared);
  }

  @ParameterizedTest
  @CsvSource({
    "chat, archived",
    "chat, pinned",
    "model, name",
    "model, context_limit",
    "provider, name",
    "settings, max_steps"
  })
  void whatHasToHaveAValueCannotBeNull(String kind, String member) throws Exception {
    JsonNode refused = patch(path(kind), "{\"%s\":null}".formatted(member));
    assertThat(refused.get("status").asInt()).isEqualTo(400);
    assertThat(refused.get("errors").get(0).get("field").asString()).isEqualTo(member);
  }

  @Test
  void aLabelWithoutAValueIsBadInput() throws Exception {
    JsonNode refused = patch(path("chat"), "{\"labels\":{\"a\":null}}");
    assertThat(refused.get("status").asInt()).isEqualTo(400);
    assertThat(refused.get("errors").get(0).get("field").asString()).isEqualTo("labels");
  }

  @Test
  void aProvidersKeyAndAddressGoWithoutSendingTheKeyElsewhere() throws Exception {
    JsonNode refused = patch(path("provider"), "{\"base_url\":null}");
    assertThat(refused.get("errors").get(0).get("field").asString()).isEqualTo("api_key");
    JsonNode bare = patch(path("provider"), "{\"api_key\":null}");
    assertThat(bare.get("has_key").asBoolean()).isFalse();
    assertThat(bare.has("key_hint")).isFalse();
    assertThat(bare.get("base_url").asString()).isEqualTo("http://127.0.0.1:9/v1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "settings | {\"disabled_tools\":[\"execute\",\"exceute\"]} | disabled_tools[1]",
        "settings | {\"approval_rules\":[{\"tool\":\"write\",\"decision\":\"ask\"}]} | approval_rules[0].tool",
        "settings | {\"approval_rules\":[{\"tool\":\"no*\",\"decision\":\"ask\"}]} | approval_rules[0].tool",
        "chat | {\"approval_rules\":[{\"tool\":\"*\",\"decision\":\"ask\"},{\"tool\":\"bash\",\"decision\":\"ask\"}]} | approval_rules[1].tool",
      })
  void aToolThatThereIsNotIsRefusedWithThoseThereAre(String kind, String body, String field)
      throws Exception {
    JsonNode refused = patch(path(kind), body);
    assertThat(refused.get("status").asInt()).as(refused.toString()).isEqualTo(400);
    JsonNode error = refused.get("errors").get(0);
    assertThat(error.get("field").asString()).isEqualTo(field);
    assertThat(error.get("detail").asString()).contains("is no tool", "execute", "spawn_agent");
  }
}
