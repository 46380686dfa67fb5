package dev.warren.e2e.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.warren.e2e.kit.ApiClient;
import dev.warren.e2e.kit.Eventually;
import dev.warren.e2e.kit.Scripts;
import dev.warren.e2e.kit.WarrenProcess;
import dev.warren.scripted.ScriptedModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A machine that reaches the control plane and nothing else becomes a workspace by one line.
final class ExternalWorkspaceTest {
  private static final Duration CONNECT_DEADLINE = Duration.ofSeconds(60);

  @TempDir Path folder;

  @Test
  void toolsWorkOnAMachineWhoseOnlyRouteLeadsToTheControlPlane() throws Exception {
    assumeTrue(
        "root".equals(System.getProperty("user.name")), "network namespaces are made by root only");
    assumeTrue(
        Files.isExecutable(Path.of("/usr/sbin/ip")) || Files.isExecutable(Path.of("/sbin/ip")),
        "iproute2 is not installed");
    Path home = Files.createDirectories(folder.resolve("machine"));
    try (FencedMachine machine = new FencedMachine(home);
        ScriptedModel model =
            new ScriptedModel(
                Scripts.script(
                    Scripts.rule(
                        "look around",
                        Scripts.round(
                            Scripts.call(
                                "execute",
                                Map.of("command", "tail -n +2 /proc/net/route | wc -l; pwd")),
                            Scripts.call(
                                "write_file",
                                Map.of("path", "~/hello.txt", "content", "from the agent\n"))),
                        Scripts.round(Scripts.text("Done.")))));
        WarrenProcess warren =
            new WarrenProcess(
                folder,
                Map.of(
                    "WARREN_ADDRESS",
                    "0.0.0.0:{port}",
                    "WARREN_ACCESS_URL",
                    "http://" + machine.hostAddress() + ":{port}"))) {
      model.start();
      ApiClient api = warren.signIn();
      api.addModel("anthropic", "http://127.0.0.1:" + model.port(), "sk-test", "scripted");
      String id = createExternal(api);
      String path = "/workspaces/" + id;

      String command = api.post(path + "/daemon-token", Map.of()).path("command").asString();
      assertThat(command).contains("http://" + machine.hostAddress());
      System.out.println(machine.shell("ip route; " + command));
      awaitConnected(api, path);
      // once more: the same machine, nothing to fetch a token for
      assertThat(machine.shell(withoutToken(command))).contains("runs already");

      String chat =
          api.post("/chats", Map.of("content", ApiClient.text("look around"), "workspace_id", id))
              .path("id")
              .asString();
      JsonNode idle = api.awaitIdle(chat);
      assertThat(idle.path("status").asString()).as(idle.toString()).isEqualTo("waiting");
      JsonNode executed = api.parts(chat, "tool_result").getFirst();
      assertThat(executed.at("/output/exit_code").asInt(-1)).as(executed.toString()).isZero();
      assertThat(executed.at("/output/output").asString()).startsWith("1\n" + home);
      assertThat(Files.readString(home.resolve("hello.txt"))).isEqualTo("from the agent\n");
      // one cable joins the two, so that packets find the way without the relay
      Eventually.holds(
          "the path is direct",
          CONNECT_DEADLINE,
          () -> api.get(path + "/connection").path("path").asString().equals("direct"));

      api.post(path + "/builds", Map.of("transition", "stop"));
      Eventually.holds(
          "the daemon was sent away",
          CONNECT_DEADLINE,
          () ->
              machine
                  .shell("kill -0 $(cat .warren-daemon/pid) 2>/dev/null || echo gone")
                  .contains("gone"));
    }
  }

  static String createExternal(ApiClient api) {
    String template =
        api.post("/templates", Map.of("name", "machine", "engine", "external"))
            .path("id")
            .asString();
    return api.post("/workspaces", Map.of("name", "fenced", "template_id", template))
        .path("id")
        .asString();
  }

  static void awaitConnected(ApiClient api, String path) {
    Eventually.holds(
        "the machine is connected",
        CONNECT_DEADLINE,
        () -> {
          JsonNode workspace = api.get(path);
          return workspace.path("status").asString().equals("running")
              && workspace.at("/daemon/status").asString().equals("connected");
        });
  }

  private static String withoutToken(String command) {
    return command.replaceAll("WARREN_DAEMON_TOKEN=\\S+ ", "");
  }
}
