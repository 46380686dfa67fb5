package dev.warren.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.e2e.kit.ApiClient;
import dev.warren.e2e.kit.Eventually;
import dev.warren.e2e.kit.Scripts;
import dev.warren.e2e.kit.WarrenProcess;
import dev.warren.scripted.ScriptedModel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What a user's word does to a command: an interruption ends it, an approval lets it begin.
final class InterruptTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir private Path folder;

  @Test
  void anInterruptionEndsTheWholeProcessTreeAndTheQueueGoesOn() throws Exception {
    // A number that no other process on this machine sleeps for.
    String seconds = Integer.toString(ThreadLocalRandom.current().nextInt(1_000_000, 9_000_000));
    var script =
        Scripts.script(
            Scripts.rule(
                "sleep",
                Scripts.round(
                    Scripts.text("I sleep now."),
                    Scripts.call(
                        "execute",
                        Map.of(
                            "command",
                            "sleep %1$s & setsid sleep %1$s & (nohup sleep %1$s &); wait"
                                .formatted(seconds),
                            "timeout_s",
                            600)))),
            Scripts.rule("go on", Scripts.round(Scripts.text("So I go on."))));
    try (ScriptedModel model = new ScriptedModel(script)) {
      model.start();
      try (WarrenProcess warren = new WarrenProcess(folder, Map.of())) {
        ApiClient api = warren.signIn();
        api.addModel("anthropic", model.anthropicUrl(), "key", "scripted");
        String workspace = api.createLocalWorkspace("interrupt");
        String chatId = chat(api, "sleep", workspace);
        Eventually.holds("three processes sleep", SOON, () -> sleeping(seconds) == 3);
        api.sendMessage(chatId, "go on");

        long begun = System.nanoTime();
        api.post("/chats/" + chatId + "/interrupt", Map.of());
        Eventually.holds("the process tree is gone", SOON, () -> sleeping(seconds) == 0);
        System.out.printf(
            "INTERRUPTED a tree of processes in %d ms%n", (System.nanoTime() - begun) / 1_000_000);

        assertThat(api.awaitIdle(chatId).path("status").asString()).isEqualTo("waiting");
        List<String> texts =
            api.parts(chatId, "text").stream().map(part -> part.path("text").asString()).toList();
        assertThat(texts).containsExactly("sleep", "I sleep now.", "go on", "So I go on.");
        List<JsonNode> results = api.parts(chatId, "tool_result");
        assertThat(results).hasSize(1);
        assertThat(results.getFirst().path("is_error").asBoolean()).isTrue();
      }
    }
  }

  @Test
  void aCommandThatTheRulesAskAboutWaitsForItsOwner() throws Exception {
    var script =
        Scripts.script(
            Scripts.rule(
                "publish",
                Scripts.round(
                    Scripts.call("execute", Map.of("command", "echo published; git push --help")),
                    Scripts.call("execute", Map.of("command", "echo harmless"))),
                Scripts.round(Scripts.text("Done."))));
    try (ScriptedModel model = new ScriptedModel(script)) {
      model.start();
      try (WarrenProcess warren = new WarrenProcess(folder, Map.of())) {
        ApiClient api = warren.signIn();
        api.addModel("anthropic", model.anthropicUrl(), "key", "scripted");
        Map<String, String> rule =
            Map.of("tool", "execute", "decision", "ask", "command", "git push");
        api.patch("/admin/settings", Map.of("approval_rules", List.of(rule)));
        String workspace = api.createLocalWorkspace("approve");

        String denied = chat(api, "publish", workspace);
        assertThat(decide(api, denied, Map.of("decision", "deny", "reason", "Not on a Sunday.")))
            .anyMatch(result -> result.contains("Not on a Sunday."))
            .anyMatch(result -> result.contains("harmless"))
            .noneMatch(result -> result.contains("published"));

        String allowed = chat(api, "publish", workspace);
        // What waits for its owner outlives the control plane.
        assertThat(api.awaitIdle(allowed).path("status").asString()).isEqualTo("requires_action");
        warren.kill();
        warren.start();
        ApiClient again = warren.signIn();
        assertThat(decide(again, allowed, Map.of("decision", "allow")))
            .anyMatch(result -> result.contains("published"));
      }
    }
  }

  /// Decides on the one call that waits.
  ///
  /// @return the results that the model was given
  private static List<String> decide(ApiClient api, String chatId, Map<String, String> decision) {
    assertThat(api.awaitIdle(chatId).path("status").asString()).isEqualTo("requires_action");
    JsonNode waiting = api.get("/chats/" + chatId + "/approvals").path("items");
    assertThat(waiting).hasSize(1);
    assertThat(waiting.get(0).path("input").path("command").asString()).contains("git push");
    String call = waiting.get(0).path("call_id").asString();
    api.post("/chats/" + chatId + "/approvals/" + call, decision);
    Eventually.holds(
        "the chat waits for its user",
        SOON,
        () -> api.get("/chats/" + chatId).path("status").asString().equals("waiting"));
    return api.parts(chatId, "tool_result").stream().map(JsonNode::toString).toList();
  }

  private static String chat(ApiClient api, String prompt, String workspace) {
    return api.post("/chats", Map.of("content", ApiClient.text(prompt), "workspace_id", workspace))
        .path("id")
        .asString();
  }

  private static long sleeping(String seconds) {
    return ProcessHandle.allProcesses()
        .map(process -> process.info().arguments().orElse(new String[0]))
        .filter(arguments -> arguments.length == 1 && arguments[0].equals(seconds))
        .count();
  }
}
