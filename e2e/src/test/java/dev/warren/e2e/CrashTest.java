package dev.warren.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.e2e.kit.ApiClient;
import dev.warren.e2e.kit.ChatEvent;
import dev.warren.e2e.kit.Eventually;
import dev.warren.e2e.kit.PageReader;
import dev.warren.e2e.kit.Scripts;
import dev.warren.e2e.kit.SharedFolder;
import dev.warren.e2e.kit.WarrenProcess;
import dev.warren.scripted.ScriptedModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// `kill -9` of the control plane while a command runs in the workspace.
final class CrashTest {
  @TempDir private Path folder;

  @Test
  void theCommandRunsOnceAndTheChatGoesOnByItself() throws Exception {
    Path shared = SharedFolder.create(folder.resolve("shared"));
    var script =
        Scripts.script(
            Scripts.rule(
                "count",
                Scripts.round(
                    Scripts.text("I start counting."),
                    Scripts.call(
                        "execute",
                        Map.of(
                            "command",
                            "echo begun >> /mnt/shared/ran; i=0; while [ $i -lt 40 ] && ! [ -e"
                                + " /mnt/shared/go ]; do sleep 0.5; i=$((i+1)); done; echo ended"
                                + " >> /mnt/shared/ran; echo counted",
                            "timeout_s",
                            120))),
                Scripts.round(Scripts.text("It was counted."))));
    try (ScriptedModel model = new ScriptedModel(script)) {
      model.start();
      try (WarrenProcess warren =
          new WarrenProcess(folder, Map.of("WARREN_LOCAL_MOUNTS", shared + ":shared"))) {
        ApiClient api = warren.signIn();
        api.addModel("anthropic", model.anthropicUrl(), "key", "scripted");
        String workspace = api.createLocalWorkspace("crash");
        String chatId =
            api.post(
                    "/chats", Map.of("content", ApiClient.text("count"), "workspace_id", workspace))
                .path("id")
                .asString();
        try (PageReader page = new PageReader(api, chatId)) {
          Path ran = shared.resolve("ran");
          Eventually.holds("the command runs", Duration.ofSeconds(60), () -> Files.exists(ran));

          warren.kill();
          warren.start();
          Files.createFile(shared.resolve("go"));

          JsonNode chat = warren.signIn().awaitIdle(chatId);
          assertThat(chat.path("status").asString()).isEqualTo("waiting");
          assertThat(Files.readAllLines(ran)).containsExactly("begun", "ended");

          List<JsonNode> results = api.parts(chatId, "tool_result");
          assertThat(results).hasSize(1);
          assertThat(results.getFirst().path("output").path("output").asString())
              .contains("counted");
          assertThat(results.getFirst().path("output").path("exit_code").asInt()).isZero();
          page.awaitMessages(api.messages(chatId));
          assertThat(page.events())
              .filteredOn(event -> event.is("delta") || event.is("message"))
              .extracting(ChatEvent::id)
              .doesNotHaveDuplicates();
        }
      }
    }
  }
}
