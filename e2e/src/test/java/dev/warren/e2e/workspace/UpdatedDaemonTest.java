package dev.warren.e2e.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.warren.e2e.kit.ApiClient;
import dev.warren.e2e.kit.Eventually;
import dev.warren.e2e.kit.Scripts;
import dev.warren.e2e.kit.WarrenProcess;
import dev.warren.scripted.ScriptedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A daemon that is older than its control plane's bundle becomes that one by itself.
final class UpdatedDaemonTest {
  private static final Duration WITHIN = Duration.ofSeconds(90);

  @TempDir private Path folder;

  @Test
  void anOlderDaemonBecomesTheNewerWhileItsCommandGoesOnAndLeavesOneThatDoesNotStart()
      throws Exception {
    assumeTrue(
        "root".equals(System.getProperty("user.name")), "network namespaces are made by root only");
    OtherBundles bundles = new OtherBundles(folder);
    String own = bundles.ownVersion();
    Path home = Files.createDirectories(folder.resolve("machine"));
    Path log = home.resolve(".warren-daemon/log");
    String command = "echo begun >> begun; until [ -e go ]; do sleep 0.1; done; echo end; exit 7";
    bundles.serve(bundles.older());
    try (FencedMachine machine = new FencedMachine(home);
        ScriptedModel model =
            new ScriptedModel(
                Scripts.script(
                    Scripts.rule(
                        "work",
                        Scripts.round(
                            Scripts.call("execute", Map.of("command", command, "timeout_s", 600))),
                        Scripts.round(Scripts.text("Done."))),
                    Scripts.rule(
                        "look",
                        Scripts.round(Scripts.call("execute", Map.of("command", "echo alive"))),
                        Scripts.round(Scripts.text("Done.")))));
        WarrenProcess warren =
            new WarrenProcess(
                folder,
                Map.of(
                    "WARREN_ADDRESS",
                    "0.0.0.0:{port}",
                    "WARREN_ACCESS_URL",
                    "http://" + machine.hostAddress() + ":{port}"),
                bundles.distribution())) {
      model.start();
      ApiClient api = warren.signIn();
      api.addModel("anthropic", "http://127.0.0.1:" + model.port(), "sk-test", "scripted");
      String id = ExternalWorkspaceTest.createExternal(api);
      String path = "/workspaces/" + id;
      machine.shell(api.post(path + "/daemon-token", Map.of()).path("command").asString());
      ExternalWorkspaceTest.awaitConnected(api, path);
      assertThat(version(api, path)).isEqualTo(OtherBundles.OLDER);
      String supervisor = Files.readString(home.resolve(".warren-daemon/pid"));
      String work = chat(api, id, "work");
      Eventually.holds("the command runs", WITHIN, () -> Files.exists(home.resolve("begun")));

      // A bundle whose sum is right and that does not start.
      warren.kill();
      bundles.serve(bundles.broken());
      warren.start();
      Eventually.holds(
          "the log says that the bundle is not taken",
          WITHIN,
          () -> read(log).contains("does not start here, so this one goes on: it ended with 1"));
      ExternalWorkspaceTest.awaitConnected(api, path);
      assertThat(version(api, path)).isEqualTo(OtherBundles.OLDER);
      String look = chat(api, id, "look");
      api.awaitIdle(look);
      assertThat(result(api, look).at("/output/output").asString()).isEqualTo("alive\n");

      // A bundle that starts in its trial run, and then not in the other's place.
      warren.kill();
      Path unwilling = bundles.unwilling();
      String refused = OtherBundles.sum(unwilling);
      bundles.serve(unwilling);
      warren.start();
      Eventually.holds(
          "the supervisor goes back",
          WITHIN,
          () -> read(log).contains("the new bundle " + refused + " ended with 2"));
      ExternalWorkspaceTest.awaitConnected(api, path);
      assertThat(version(api, path)).isEqualTo(OtherBundles.OLDER);
      assertThat(home.resolve(".warren-daemon/bundle.refused")).content().startsWith(refused);
      assertThat(home.resolve(".warren-daemon/pid")).hasContent(supervisor.strip());

      // The control plane's own.
      warren.kill();
      bundles.serve(bundles.own());
      warren.start();
      Eventually.holds(
          "the daemon is the control plane's",
          WITHIN,
          () ->
              api.get(path).at("/daemon/status").asString().equals("connected")
                  && version(api, path).equals(own));
      assertThat(home.resolve(".warren-daemon/bundle.sha256"))
          .content()
          .startsWith(OtherBundles.sum(bundles.own()));
      assertThat(home.resolve(".warren-daemon/pid")).hasContent(supervisor.strip());

      // The chat has waited for its command all the time.
      assertThat(api.get("/chats/" + work).path("status").asString()).isEqualTo("running");
      Files.createFile(home.resolve("go"));
      api.awaitIdle(work);
      JsonNode ended = result(api, work);
      assertThat(ended.at("/output/exit_code").asInt(-1)).as(ended.toString()).isEqualTo(7);
      assertThat(ended.at("/output/output").asString()).isEqualTo("end\n");
      assertThat(home.resolve("begun")).hasContent("begun");
    } finally {
      System.out.println(read(log));
    }
  }

  private static String chat(ApiClient api, String workspace, String prompt) {
    return api.post("/chats", Map.of("content", ApiClient.text(prompt), "workspace_id", workspace))
        .path("id")
        .asString();
  }

  private static JsonNode result(ApiClient api, String chat) {
    return api.parts(chat, "tool_result").getFirst();
  }

  private static String version(ApiClient api, String path) {
    return api.get(path).at("/daemon/version").asString("");
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException none) {
      return "";
    }
  }
}
