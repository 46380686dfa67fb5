package dev.warren.e2e.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.warren.e2e.kit.ApiClient;
import dev.warren.e2e.kit.Scripts;
import dev.warren.e2e.kit.WarrenProcess;
import dev.warren.scripted.ScriptedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// From inside a local workspace, looked for with all the rights that an agent has there: the
/// provider's key, the control plane's data, a way into its database.
final class NoSecretTest {
  @TempDir Path folder;

  @Test
  void aWorkspaceHoldsNoSecretOfTheControlPlane() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/bwrap")), "bubblewrap is not installed");
    long number = ThreadLocalRandom.current().nextLong(100_000_000L, 999_999_999L);
    String key = "sk-bait-" + number;
    // matches the key, and not itself where a process list shows it
    String pattern = "[s]k-bait-" + number;
    Path data = folder.resolve("data");
    try (ScriptedModel model = new ScriptedModel(script(pattern, data));
        WarrenProcess warren = new WarrenProcess(folder, Map.of("ANTHROPIC_API_KEY", key))) {
      model.start();
      ApiClient api = warren.signIn();
      api.addModel("anthropic", "http://127.0.0.1:" + model.port(), key, "scripted");
      String id = api.createLocalWorkspace("searched");
      String port = databasePort(data);

      String chat =
          api.post(
                  "/chats", Map.of("content", ApiClient.text("search " + port), "workspace_id", id))
              .path("id")
              .asString();
      JsonNode idle = api.awaitIdle(chat);
      assertThat(idle.path("status").asString()).as(idle.toString()).isEqualTo("waiting");

      List<String> outputs =
          api.parts(chat, "tool_result").stream()
              .map(result -> result.at("/output/output").asString())
              .toList();
      outputs.forEach(System.out::println);
      assertThat(outputs.get(0)).as("processes").contains("looked at").doesNotContain("FOUND");
      assertThat(outputs.get(1)).as("files").contains("looked at").doesNotContain("FOUND");
      assertThat(outputs.get(2)).as("data folder").contains("looked at").doesNotContain("FOUND");
    }
  }

  @Test
  void theDatabaseRefusesAWorkspaceWithoutItsPassword() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/bwrap")), "bubblewrap is not installed");
    Path data = folder.resolve("data");
    try (WarrenProcess warren = new WarrenProcess(folder, Map.of())) {
      assertThat(warren.signIn().get("/workspaces").path("items").size()).isZero();
      String port = databasePort(data);
      try (ScriptedModel model = new ScriptedModel(knocking(port))) {
        model.start();
        ApiClient api = warren.signIn();
        api.addModel("anthropic", "http://127.0.0.1:" + model.port(), "sk-test", "scripted");
        String id = api.createLocalWorkspace("knocking");
        String chat =
            api.post("/chats", Map.of("content", ApiClient.text("knock"), "workspace_id", id))
                .path("id")
                .asString();
        api.awaitIdle(chat);
        JsonNode result = api.parts(chat, "tool_result").getFirst();
        // AuthenticationSASL (10) is asked for, not AuthenticationOk (0)
        assertThat(result.at("/output/output").asString())
            .as(result.toString())
            .startsWith("52 00 00 00 17 00 00 00 0a");
      }
    }
  }

  @Test
  void theBundleHasNoClassThatKnowsModelsOrTheServer() throws Exception {
    Path bundle = Path.of(System.getProperty("warren.home")).resolve("daemon/linux-amd64.tar.gz");
    assumeTrue(Files.exists(bundle), "there is no bundle for x86-64");
    Path unpacked = Files.createDirectories(folder.resolve("bundle"));
    Process tar =
        new ProcessBuilder("tar", "-xzf", bundle.toString(), "-C", unpacked.toString()).start();
    assertThat(tar.waitFor()).isZero();

    List<String> strange = new ArrayList<>();
    int classes = 0;
    for (Path jar : jars(unpacked)) {
      try (ZipFile zip = new ZipFile(jar.toFile())) {
        for (String name : zip.stream().map(ZipEntry::getName).toList()) {
          classes++;
          if (name.matches("dev/warren/(llm|server|cli)/.*")) {
            strange.add(jar.getFileName() + ": " + name);
          }
        }
      }
    }
    assertThat(classes).isGreaterThan(500);
    assertThat(strange).isEmpty();
  }

  private static List<Path> jars(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".jar")).toList();
    }
  }

  private static dev.warren.scripted.Script script(String pattern, Path data) {
    String processes =
        "n=0; for f in /proc/[0-9]*/environ /proc/[0-9]*/cmdline; do "
            + "cat $f 2>/dev/null | tr '\\0' '\\n' | grep -aqE '"
            + pattern
            + "' && echo FOUND $f; "
            + "n=$((n+1)); done; echo looked at $n";
    String files =
        "grep -raEl '"
            + pattern
            + "' /home /tmp /opt/warren /etc /run /var /dev/shm 2>/dev/null"
            + " | sed 's/^/FOUND /'; echo looked at files";
    String folders =
        "for d in "
            + data
            + " /proc/1/root"
            + data
            + "; do ls $d 2>/dev/null && echo FOUND $d;"
            + " done; echo looked at folders";
    return Scripts.script(
        Scripts.rule(
            "search .*",
            Scripts.round(execute(processes)),
            Scripts.round(execute(files)),
            Scripts.round(execute(folders)),
            Scripts.round(Scripts.text("Done."))));
  }

  /// The start of PostgreSQL's protocol (version 3.0) as user and database `warren`.
  private static dev.warren.scripted.Script knocking(String port) {
    String command =
        "bash -c 'exec 3<>/dev/tcp/127.0.0.1/"
            + port
            + "; printf "
            + "\"\\x00\\x00\\x00\\x25\\x00\\x03\\x00\\x00user\\x00warren\\x00database\\x00warren\\x00\\x00\""
            + " >&3; head -c 9 <&3 | od -An -tx1' | sed 's/^ //'";
    return Scripts.script(
        Scripts.rule(
            "knock", Scripts.round(execute(command)), Scripts.round(Scripts.text("Done."))));
  }

  private static Scripts.Step execute(String command) {
    return Scripts.call("execute", Map.of("command", command, "timeout_s", 120));
  }

  /// The fourth line of PostgreSQL's own file.
  private static String databasePort(Path data) throws IOException {
    return Files.readAllLines(data.resolve("postgres/data/postmaster.pid")).get(3);
  }
}
