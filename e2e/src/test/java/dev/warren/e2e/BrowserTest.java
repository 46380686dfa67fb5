package dev.warren.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.warren.e2e.kit.ApiClient;
import dev.warren.e2e.kit.BrowserScene;
import dev.warren.e2e.kit.Scripts;
import dev.warren.e2e.kit.SharedFolder;
import dev.warren.e2e.kit.WarrenProcess;
import dev.warren.scripted.Script;
import dev.warren.scripted.ScriptedModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The page in a real browser, on a real control plane.
final class BrowserTest {
  @TempDir private Path folder;

  @BeforeEach
  void needsBrowser() {
    Optional<String> missing = BrowserScene.missing();
    assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
  }

  @Test
  void aPromptEndsInAWorkspaceWithAProgramWrittenAndRun() {
    try (ScriptedModel model = new ScriptedModel(Script.demo())) {
      model.start();
      try (WarrenProcess warren = new WarrenProcess(folder, Map.of())) {
        warren.signIn().addModel("anthropic", model.anthropicUrl(), "key", "scripted");
        try (BrowserScene scene = new BrowserScene("program", warren, folder, Optional.empty())) {
          scene.ends();
        }
      }
    }
    assertThat(folder.resolve("finished.png")).isNotEmptyFile();
  }

  @Test
  void thePageCatchesUpWithoutBeingLoadedAgainWhenTheServerWasKilled() throws Exception {
    Path shared = SharedFolder.create(folder.resolve("shared"));
    Script script =
        Scripts.script(
            Scripts.rule(
                "count",
                Scripts.round(
                    Scripts.text("I start counting."),
                    Scripts.call(
                        "execute",
                        Map.of(
                            "command",
                            "i=0; while [ $i -lt 120 ] && ! [ -e /mnt/shared/go ]; do sleep 0.5;"
                                + " i=$((i+1)); done; echo counted",
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
        try (BrowserScene scene = new BrowserScene("crash", warren, folder, Optional.of(chatId))) {
          scene.await("open");
          warren.kill();
          warren.start();
          Files.createFile(shared.resolve("go"));
          scene.ends();
        }
      }
    }
  }
}
