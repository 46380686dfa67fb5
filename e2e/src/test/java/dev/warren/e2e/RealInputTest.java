package dev.warren.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.e2e.kit.ApiClient;
import dev.warren.e2e.kit.BrokenPackage;
import dev.warren.e2e.kit.EmbeddedDatabase;
import dev.warren.e2e.kit.Scripts;
import dev.warren.e2e.kit.SharedFolder;
import dev.warren.e2e.kit.WarrenProcess;
import dev.warren.protocol.Json;
import dev.warren.scripted.Script;
import dev.warren.scripted.ScriptedModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// A public package with one line broken, mended by the agent: its own tests go from red to green
/// and the commit is the user's.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RealInputTest {
  private static final String FOLDER = "~/minimist";
  private static final String TESTS = "node node_modules/tape/bin/tape 'test/*.js'";

  private ScriptedModel model = new ScriptedModel(script());
  private WarrenProcess warren;

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    Path shared = SharedFolder.create(folder.resolve("shared"));
    BrokenPackage.fetch(shared.resolve("minimist"));
    model.start();
    warren = new WarrenProcess(folder, Map.of("WARREN_LOCAL_MOUNTS", shared + ":shared"));
  }

  @AfterAll
  void stop() {
    model.close();
    warren.close();
  }

  @ParameterizedTest
  @CsvSource({"anthropic,''", "openai,/v1"})
  void theAgentMendsIt(String kind, String path) {
    ApiClient api = warren.signIn();
    String baseUrl = "http://127.0.0.1:" + model.port() + path;
    String modelId = api.addModel(kind, baseUrl, "key", "scripted-" + kind);
    String workspace = api.createLocalWorkspace("minimist-" + kind);

    run(api, modelId, workspace, "put the package there");
    String chatId = run(api, modelId, workspace, "the package's tests fail: mend it");

    List<JsonNode> calls = api.parts(chatId, "tool_call");
    List<JsonNode> results = api.parts(chatId, "tool_result");
    assertThat(results)
        .extracting(result -> result.path("id").asString())
        .containsExactlyElementsOf(calls.stream().map(c -> c.path("id").asString()).toList());
    assertThat(results).noneMatch(result -> result.path("is_error").asBoolean());
    assertThat(results.get(0).path("output").path("output").asString())
        .contains("index.js", "Broken on purpose");
    assertThat(output(results.get(2)))
        .as("the tests before")
        .matches(text -> exit(results.get(2)) != 0 && text.contains("not ok"));
    assertThat(results.get(4).path("output").toString()).contains("+", "a-f");
    assertThat(output(results.get(5)))
        .as("the tests after")
        .matches(text -> exit(results.get(5)) == 0 && text.contains("# pass  153"));
    assertThat(output(results.get(6)))
        .contains(
            WarrenProcess.USERNAME + " <" + WarrenProcess.EMAIL + "> Read hexadecimal digits");

    transcriptIsInTheDatabase(api, chatId, modelId);
  }

  /// What the API shows is what PostgreSQL holds: each message, each part, the usage.
  private void transcriptIsInTheDatabase(ApiClient api, String chatId, String modelId) {
    EmbeddedDatabase database = new EmbeddedDatabase(warren.data());
    List<JsonNode> shown = api.messages(chatId);
    List<String> stored =
        database.query(
            "SELECT parts FROM messages WHERE chat_id = ? ORDER BY seq", UUID.fromString(chatId));
    assertThat(stored).hasSameSizeAs(shown);
    for (int i = 0; i < stored.size(); i++) {
      List<String> texts = kinds(Json.LENIENT.readTree(stored.get(i)));
      assertThat(texts).isEqualTo(kinds(shown.get(i).path("parts")));
    }
    assertThat(shown)
        .filteredOn(message -> message.path("role").asString().equals("assistant"))
        .isNotEmpty()
        .allSatisfy(message -> {
          assertThat(message.path("usage").path("input_tokens").asLong()).isPositive();
          assertThat(message.path("usage").path("output_tokens").asLong()).isPositive();
          assertThat(message.path("model_id").asString()).isEqualTo(modelId);
        });
    assertThat(
            database.query(
                "SELECT count(*) FROM tool_calls WHERE chat_id = ? AND state = 'done'",
                UUID.fromString(chatId)))
        .containsExactly(String.valueOf(api.parts(chatId, "tool_call").size()));
  }

  private static List<String> kinds(JsonNode parts) {
    return parts
        .valueStream()
        .map(part -> part.path("type").asString() + ":" + part.path("text").asString(""))
        .toList();
  }

  private static String run(ApiClient api, String modelId, String workspace, String prompt) {
    String chatId =
        api.post(
                "/chats",
                Map.of(
                    "content",
                    ApiClient.text(prompt),
                    "model_id",
                    modelId,
                    "workspace_id",
                    workspace))
            .path("id")
            .asString();
    JsonNode chat = api.awaitIdle(chatId);
    assertThat(chat.path("status").asString()).as("%s", chat).isEqualTo("waiting");
    return chatId;
  }

  private static String output(JsonNode result) {
    return result.path("output").path("output").asString("");
  }

  private static int exit(JsonNode result) {
    return result.path("output").path("exit_code").asInt(-1);
  }

  private static Script script() {
    return Scripts.script(
        Scripts.rule(
            "put the package",
            Scripts.round(
                execute("cp -r /mnt/shared/minimist ~/minimist && cd ~/minimist && git status")),
            Scripts.round(Scripts.text("It is there."))),
        Scripts.rule(
            "mend it",
            Scripts.round(
                Scripts.text("I look at the package first."),
                execute("git log --oneline && ls && git ls-files | wc -l", FOLDER),
                Scripts.call("read_file", Map.of("path", FOLDER + "/package.json"))),
            Scripts.round(execute(TESTS, FOLDER)),
            Scripts.round(Scripts.call("read_file", Map.of("path", FOLDER + "/index.js"))),
            Scripts.round(
                Scripts.text("Hexadecimal digits beyond 9 are not read."),
                Scripts.call(
                    "edit_files",
                    Map.of(
                        "edits",
                        List.of(
                            Map.of(
                                "path",
                                FOLDER + "/index.js",
                                "old_text",
                                BrokenPackage.BROKEN,
                                "new_text",
                                BrokenPackage.RIGHT))))),
            Scripts.round(execute(TESTS, FOLDER)),
            Scripts.round(
                execute(
                    "git commit --quiet --all --message 'Read hexadecimal digits' && git log -1"
                        + " --format='%an <%ae> %s'",
                    FOLDER)),
            Scripts.round(Scripts.text("The tests pass; the change is committed."))));
  }

  private static Scripts.Step execute(String command) {
    return Scripts.call("execute", Map.of("command", command, "timeout_s", 120));
  }

  private static Scripts.Step execute(String command, String workdir) {
    return Scripts.call(
        "execute", Map.of("command", command, "workdir", workdir, "timeout_s", 120));
  }
}
