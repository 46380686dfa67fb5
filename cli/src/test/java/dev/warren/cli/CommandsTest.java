package dev.warren.cli;

import static dev.warren.cli.FakeControlPlane.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.cli.client.Console;
import dev.warren.protocol.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The commands as processes of their own, against a control plane that answers as it is told.
final class CommandsTest {
  private static final long PROCESS_S_MAX = 60;

  private record Ran(int exit, List<String> out, List<String> err) {}

  @TempDir private Path folder;
  private FakeControlPlane plane;

  @BeforeEach
  void start() throws IOException {
    plane = new FakeControlPlane();
  }

  @AfterEach
  void stop() {
    plane.close();
  }

  @Test
  void signsInWithAPasswordAndKeepsATokenOfItsOwn() throws Exception {
    plane
        .on("POST /sessions", 200, "{\"token\":\"session\",\"user\":{\"username\":\"ada\"}}")
        .on("POST /tokens", 201, "{\"id\":\"t1\",\"token\":\"wrn_kept\"}")
        .on("DELETE /sessions/current", 204, "")
        .on("GET /users/me", 200, "{\"username\":\"ada\",\"email\":\"ada@example.org\"}")
        .on("DELETE /tokens/t1", 204, "");
    Ran login = run(Map.of(), "ada@example.org\nsecret\n", "login", plane.url());
    assertThat(login).isEqualTo(ok("Signed in to " + plane.url() + " as ada"));
    assertThat(plane.asked("DELETE /sessions/current").getFirst().header("Authorization"))
        .contains("Bearer session");

    assertThat(run(Map.of(), "", "whoami"))
        .isEqualTo(ok("ada <ada@example.org>, at " + plane.url()));
    assertThat(plane.asked("GET /users/me").getLast().header("Authorization"))
        .contains("Bearer wrn_kept");

    assertThat(run(Map.of(), "", "logout")).isEqualTo(ok("Signed out of " + plane.url()));
    assertThat(plane.asked("DELETE /tokens/t1")).hasSize(1);
    assertThat(run(Map.of(), "", "whoami").exit()).isEqualTo(1);
  }

  @Test
  void aFailureIsOnePlainLineAndStatusOne() throws Exception {
    plane.on(
        "POST /tokens",
        400,
        "{\"type\":\"about:blank\",\"title\":\"Bad Request\",\"status\":400,\"detail\":\"the token"
            + " cannot be made\",\"errors\":[{\"field\":\"scope\",\"detail\":\"no such scope\"}]}");
    assertThat(run(signedIn(), "", "tokens", "create", "x", "--scope", "y"))
        .isEqualTo(
            new Ran(
                1, List.of(), List.of("warren: the token cannot be made (scope: no such scope)")));
  }

  @Test
  void wrongUsageIsStatusTwo() throws Exception {
    Ran ran = run(signedIn(), "", "chat", "--no-such-option");
    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.err()).hasSize(1).first().asString().contains("--no-such-option");
  }

  @Test
  void aWordThatIsNoCommandOrOneTooManyIsNamed() throws Exception {
    assertThat(run(Map.of(), "", "frobnicate"))
        .isEqualTo(wrongUsage("there is no command 'frobnicate' (try './warren --help')"));
    assertThat(run(Map.of(), "", "tokens", "frobnicate"))
        .isEqualTo(wrongUsage("there is no command 'frobnicate' (try './warren tokens --help')"));
    assertThat(run(Map.of(), "", "whoami", "ada"))
        .isEqualTo(wrongUsage("'ada' is one argument too many (try './warren whoami --help')"));
    assertThat(run(Map.of(), "", "port-forward", "box", "--tcp", "abc").err())
        .singleElement()
        .asString()
        .startsWith("warren: 'abc' is no forwarding")
        .endsWith("(try './warren port-forward --help')");
  }

  private static Ran wrongUsage(String line) {
    return new Ran(2, List.of(), List.of("warren: " + line));
  }

  @Test
  void aChatStreamsAndGoesOnWhereItsConnectionBroke() throws Exception {
    plane
        .on("POST /chats", 201, "{\"id\":\"c1\",\"status\":\"pending\"}")
        .events(
            "GET /chats/c1/events",
            true,
            event(
                "1",
                "snapshot",
                "{\"chat\":{\"id\":\"c1\",\"status\":\"running\"},\"messages\":[],\"queued\":[]}"),
            delta("2", "The answer "))
        .events(
            "GET /chats/c1/events",
            false,
            delta("3", "is 42."),
            event(
                "4",
                "message",
                """
                {"id":"m","role":"assistant","parts":[{"type":"text","text":"The answer is 42."}]}\
                """),
            event("5", "status", "{\"status\":\"waiting\"}"));
    Ran ran = run(signedIn(), "", "chat", "what", "is it?");
    assertThat(ran).isEqualTo(ok("The answer ", "  reconnecting", "is 42.", "chat c1"));
    assertThat(plane.asked("GET /chats/c1/events"))
        .extracting(asked -> asked.header("Last-Event-ID").orElse("-"))
        .containsExactly("-", "2");
    assertThat(Json.STRICT.readTree(plane.asked("POST /chats").getFirst().body()))
        .isEqualTo(
            Json.STRICT.readTree("{\"content\":[{\"type\":\"text\",\"text\":\"what is it?\"}]}"));
    assertThat(plane.asked("POST /chats").getFirst().header("Idempotency-Key")).isPresent();
  }

  @Test
  void eventsAreJsonLinesWhenAskedFor() throws Exception {
    plane
        .on("POST /chats", 201, "{\"id\":\"c1\",\"status\":\"pending\"}")
        .events(
            "GET /chats/c1/events",
            false,
            event(
                "1",
                "snapshot",
                "{\"chat\":{\"id\":\"c1\",\"status\":\"error\",\"last_error\":\"no model\"},"
                    + "\"messages\":[]}"));
    Ran ran = run(signedIn(), "from a pipe\n", "chat", "--json");
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.err()).containsExactly("warren: no model");
    assertThat(ran.out())
        .hasSize(1)
        .first()
        .satisfies(line ->
            assertThat(Console.at(Json.STRICT.readTree(line), "event")).isEqualTo("snapshot"));
    assertThat(plane.asked("POST /chats").getFirst().body()).contains("from a pipe");
  }

  @Test
  void aWorkspaceIsMadeWithItsBuildLogAndTypedParameters() throws Exception {
    plane
        .on(
            "GET /templates?limit=200",
            200,
            "{\"items\":[{\"id\":\"t1\",\"name\":\"local\",\"display_name\":\"Local\"}]}")
        .on(
            "GET /templates/t1",
            200,
            "{\"id\":\"t1\",\"name\":\"local\",\"parameters\":[{\"name\":\"cpus\",\"type\":\"number\"}]}")
        .on(
            "POST /workspaces",
            201,
            "{\"id\":\"w1\",\"latest_build\":{\"id\":\"b1\",\"transition\":\"start\"}}")
        .on("GET /builds/b1/logs?follow=true", 200, "unpacking\nstarting\n")
        .on("GET /builds/b1", 200, "{\"id\":\"b1\",\"status\":\"running\"}")
        .on("GET /builds/b1", 200, "{\"id\":\"b1\",\"status\":\"succeeded\"}")
        .on("GET /workspaces/w1", 200, "{\"daemon\":{\"status\":\"connecting\"}}")
        .on("GET /workspaces/w1", 200, "{\"daemon\":{\"status\":\"connected\"}}");
    assertThat(run(signedIn(), "", "create", "play", "-p", "cpus=2"))
        .isEqualTo(
            ok("unpacking", "starting", "Waiting for the daemon of play", "play is running"));
    assertThat(Json.STRICT.readTree(plane.asked("POST /workspaces").getFirst().body()))
        .isEqualTo(
            Json.STRICT.readTree(
                "{\"name\":\"play\",\"template_id\":\"t1\",\"parameters\":{\"cpus\":2}}"));
  }

  @Test
  void aFailedBuildIsAFailure() throws Exception {
    plane
        .on("GET /workspaces?limit=200", 200, "{\"items\":[{\"id\":\"w1\",\"name\":\"play\"}]}")
        .on("POST /workspaces/w1/builds", 201, "{\"id\":\"b1\",\"transition\":\"start\"}")
        .on("GET /builds/b1/logs?follow=true", 200, "")
        .on("GET /builds/b1", 200, "{\"status\":\"failed\",\"error\":\"no bubblewrap\"}");
    assertThat(run(signedIn(), "", "start", "play"))
        .isEqualTo(
            new Ran(1, List.of(), List.of("warren: the build of play failed: no bubblewrap")));
  }

  @Test
  void aFolderIsPushedAsANewTemplate() throws Exception {
    java.nio.file.Files.writeString(
        java.nio.file.Files.createDirectory(folder.resolve("boxes")).resolve("README.md"), "# Hi");
    plane
        .on("GET /templates?limit=200", 200, "{\"items\":[]}")
        .on("POST /templates", 201, "{\"id\":\"t1\",\"name\":\"boxes\"}")
        .on("POST /templates/t1/versions", 201, "{\"id\":\"t1\"}")
        .on("GET /templates/t1/versions?limit=1", 200, "{\"items\":[{\"number\":2}]}");
    String path = folder.resolve("boxes").toString();
    assertThat(run(signedIn(), "", "templates", "push", path, "--engine", "external"))
        .isEqualTo(ok("Pushed boxes, version 2"));
    assertThat(Json.STRICT.readTree(plane.asked("POST /templates").getFirst().body()))
        .isEqualTo(Json.STRICT.readTree("{\"name\":\"boxes\",\"engine\":\"external\"}"));
    FakeControlPlane.Asked pushed = plane.asked("POST /templates/t1/versions").getFirst();
    assertThat(pushed.header("Content-Type")).contains("application/zip");
    assertThat(pushed.body()).startsWith("PK").contains("README.md");
  }

  @Test
  void aTemplateWhoseFirstFolderIsRefusedIsNotLeftBehind() throws Exception {
    java.nio.file.Files.writeString(
        java.nio.file.Files.createDirectory(folder.resolve("bad")).resolve("warren.json"), "{");
    plane
        .on("GET /templates?limit=200", 200, "{\"items\":[]}")
        .on("POST /templates", 201, "{\"id\":\"t1\",\"name\":\"bad\"}")
        .on(
            "POST /templates/t1/versions",
            400,
            "{\"type\":\"about:blank\",\"title\":\"Bad input\",\"status\":400,"
                + "\"detail\":\"warren.json is not JSON\",\"errors\":[]}")
        .on("DELETE /templates/t1", 204, "");
    assertThat(run(signedIn(), "", "templates", "push", folder.resolve("bad").toString()))
        .isEqualTo(new Ran(1, List.of(), List.of("warren: warren.json is not JSON")));
    assertThat(plane.asked("DELETE /templates/t1")).hasSize(1);
  }

  @Test
  void aProvidersTestAsksTheModelThatIsNamedAndSaysWhatIsWrong() throws Exception {
    plane
        .on("GET /admin/providers?limit=200", 200, "{\"items\":[{\"id\":\"p1\",\"name\":\"aws\"}]}")
        .on("POST /admin/providers/p1/test", 200, "{\"ok\":true,\"model\":\"claude-x\"}")
        .on("POST /admin/providers/p1/test", 200, "{\"ok\":false,\"detail\":\"wrong key\"}");
    assertThat(run(signedIn(), "", "providers", "test", "aws", "--model", "claude-x"))
        .isEqualTo(ok("aws works"));
    Ran failed = run(signedIn(), "", "providers", "test", "aws", "--json");
    assertThat(failed.exit()).isEqualTo(1);
    assertThat(failed.err()).containsExactly("warren: aws: wrong key");
    assertThat(Json.STRICT.readTree(String.join("", failed.out())))
        .isEqualTo(Json.STRICT.readTree("{\"ok\":false,\"detail\":\"wrong key\"}"));
    assertThat(plane.asked("POST /admin/providers/p1/test"))
        .extracting(FakeControlPlane.Asked::body)
        .containsExactly("{\"model\":\"claude-x\"}", "{}");
  }

  private static Ran ok(String... lines) {
    return new Ran(0, List.of(lines), List.of());
  }

  private static String delta(String id, String text) {
    return event(
        id,
        "delta",
        "{\"message_id\":\"m\",\"part\":0,\"kind\":\"text\",\"text\":\"" + text + "\"}");
  }

  private Map<String, String> signedIn() {
    return Map.of("WARREN_URL", plane.url(), "WARREN_TOKEN", "wrn_test");
  }

  private Ran run(Map<String, String> environment, String input, String... arguments)
      throws IOException, InterruptedException {
    List<String> command =
        Stream.concat(
                Stream.of(
                    ProcessHandle.current().info().command().orElseThrow(),
                    "-XX:TieredStopAtLevel=1",
                    "-Dwarren.called=./warren",
                    "-cp",
                    System.getProperty("java.class.path"),
                    "dev.warren.cli.Main"),
                Stream.of(arguments))
            .toList();
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("WARREN_"));
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().put("WARREN_CONFIG_DIR", folder.resolve("config").toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try (var stdin = process.outputWriter()) {
      stdin.write(input);
    }
    if (!process.waitFor(PROCESS_S_MAX, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(String.join(" ", arguments) + " did not end");
    }
    return new Ran(
        process.exitValue(),
        java.nio.file.Files.readAllLines(out),
        java.nio.file.Files.readAllLines(err));
  }
}
