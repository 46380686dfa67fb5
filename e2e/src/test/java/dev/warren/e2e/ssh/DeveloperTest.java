package dev.warren.e2e.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.e2e.kit.ApiClient;
import dev.warren.e2e.kit.Eventually;
import dev.warren.e2e.kit.FreePort;
import dev.warren.e2e.kit.GitHost;
import dev.warren.e2e.kit.WarrenProcess;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a developer does with the command line that the control plane hands out: real `ssh`, `scp`,
/// `rsync` and `git` over the tunnel, forwarded ports, and what IDEs run when they connect.
final class DeveloperTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;
  private Path program;
  private Path sshConfig;
  private String url = "";
  private String token = "";

  private record Ran(int exit, String out, String err) {}

  @Test
  void aWorkspaceIsReachedByEveryToolUntilItStopsOrTheTokenIsRevoked() throws Exception {
    try (WarrenProcess warren = new WarrenProcess(folder.resolve("warren"), Map.of())) {
      ApiClient api = warren.signIn();
      url = warren.url();
      token =
          api.post("/tokens", Map.of("name", "cli", "lifetime_s", 3600)).path("token").asString();
      String id = api.createLocalWorkspace("dev");
      program = commandLine();
      sshConfig = folder.resolve("ssh_config");
      ok("config-ssh", "--ssh-config-file", sshConfig.toString());

      commandsAndCopies();
      ideSequences();
      forwardedPort();
      measurements();
      gitLogsIn();
      stopped(api, id);
      revoked(api);
    }
  }

  private void commandsAndCopies() throws Exception {
    assertThat(warren("in\n", "ssh", "dev", "--", "cat; echo err >&2; exit 9"))
        .isEqualTo(new Ran(9, "in\n", "err\n"));
    assertThat(ssh("", "pwd; whoami").out()).isEqualTo("/home/dev\ndev\n");
    assertThat(Files.readString(folder.resolve("config/known_hosts")))
        .matches("dev\\.warren ssh-ed25519 [A-Za-z0-9+/=]+\n");

    byte[] content = new byte[5_000_000];
    new Random(7).nextBytes(content);
    Path file = Files.write(folder.resolve("content"), content);
    String config = sshConfig.toString();
    done(List.of("scp", "-F", config, "-q", file.toString(), "dev.warren:copied"));
    done(
        List.of("scp", "-F", config, "-q", "dev.warren:copied", folder.resolve("back").toString()));
    assertThat(folder.resolve("back")).hasBinaryContent(content);
    done(
        List.of(
            "rsync",
            "-e",
            "ssh -F " + config,
            "dev.warren:copied",
            folder.resolve("by-rsync").toString()));
    assertThat(folder.resolve("by-rsync")).hasBinaryContent(content);
    String make =
        "git init -q -b main r && cd r && echo hi > f && git add f && git commit -q -m one && git log --format=%an";
    assertThat(ssh("", make).out()).isEqualTo(WarrenProcess.USERNAME + "\n");
    Ran cloned =
        run(
            List.of("git", "clone", "-q", "dev.warren:r", folder.resolve("clone").toString()),
            "",
            Map.of("GIT_SSH_COMMAND", "ssh -F " + config));
    assertThat(cloned.exit()).as(cloned.err()).isZero();
    assertThat(folder.resolve("clone/f")).hasContent("hi\n");
  }

  /// Recorded: Remote-SSH pipes a script into a shell, reads markers, and then uses one connection
  /// for a forwarded port; Gateway asks for the platform, unpacks a file by sftp, and starts it.
  private void ideSequences() throws Exception {
    String script =
        """
        echo "7a1f: running"
        uname -rsv; echo "SSH_AUTH_SOCK==$SSH_AUTH_SOCK=="
        SERVER=$HOME/.vscode-server/bin/abc; mkdir -p "$SERVER"
        printf '#!/bin/sh\\nexec sleep 300\\n' > "$SERVER/server"; chmod +x "$SERVER/server"
        nohup "$SERVER/server" > "$SERVER/log" 2>&1 < /dev/null &
        echo "pid==$!=="
        echo "7a1f: done"
        exit 0
        """;
    List<String> line =
        List.of(
            "ssh",
            "-T",
            "-F",
            sshConfig.toString(),
            "-D",
            Integer.toString(FreePort.find()),
            "-o",
            "ConnectTimeout=15",
            "dev.warren",
            "bash");
    Ran vscode = run(line, script, Map.of());
    assertThat(vscode.exit()).as(vscode.err()).isZero();
    assertThat(vscode.out()).contains("7a1f: running").contains("7a1f: done").contains("Linux");
    String pid = vscode.out().replaceAll("(?s).*pid==(\\d+)==.*", "$1");
    assertThat(ssh("", "kill -0 " + pid + " && kill " + pid).exit()).isZero();

    assertThat(ssh("", "uname -sm").out()).isEqualTo("Linux x86_64\n");
    Path batch = folder.resolve("batch");
    Path archive = folder.resolve("ide.tar.gz");
    Files.writeString(folder.resolve("started"), "#!/bin/sh\necho started\n");
    done(List.of("tar", "-C", folder.toString(), "-czf", archive.toString(), "started"));
    Files.writeString(
        batch,
        "-mkdir .cache\nmkdir .cache/JetBrains\nput %s .cache/JetBrains/ide.tar.gz\n"
            .formatted(archive));
    done(List.of("sftp", "-F", sshConfig.toString(), "-b", batch.toString(), "dev.warren"));
    assertThat(ssh("", "cd .cache/JetBrains && tar -xzf ide.tar.gz && sh started").out())
        .isEqualTo("started\n");
  }

  /// The local workspace shares the host's network, and so reaches the test's git host.
  private void gitLogsIn() throws Exception {
    Path repositories = Files.createDirectory(folder.resolve("repositories"));
    String bare = repositories.resolve("r.git").toString();
    done(List.of("git", "clone", "-q", "--bare", folder.resolve("clone").toString(), bare));
    done(List.of("git", "-C", bare, "update-server-info"));
    try (GitHost host = new GitHost(repositories, "ann", "a token of Ann's")) {
      String clone = "rm -rf c; git clone -q http://%s/r.git c && cat c/f".formatted(host.host());
      Ran refused = ssh("", clone);
      assertThat(refused.exit()).isNotZero();
      assertThat(refused.err()).contains("has no git credential for " + host.host());

      assertThat(
              warren(
                  "a token of Ann's\n", "git-credentials", "add", host.host(), "--username", "ann"))
          .extracting(Ran::exit)
          .isEqualTo(0);
      assertThat(ssh("", clone)).isEqualTo(new Ran(0, "hi\n", ""));
      assertThat(ok("git-credentials", "list")).contains(host.host()).doesNotContain("a token");
      ok("git-credentials", "remove", host.host());
      assertThat(ssh("", clone).exit()).isNotZero();
    }
  }

  private void forwardedPort() throws Exception {
    int remote = FreePort.find();
    int local = FreePort.find();
    String server =
        "mkdir -p www && cd www && echo page > index.html; nohup python3 -m http.server %d > /dev/null 2>&1 & echo $!"
            .formatted(remote);
    String pid = ssh("", server).out().strip();
    Process forwarding =
        builder(
                List.of(program.toString(), "port-forward", "dev", "--tcp", local + ":" + remote),
                Map.of())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("forward.log").toFile())
            .start();
    try (var http = java.net.http.HttpClient.newHttpClient()) {
      HttpRequest page =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + local + "/")).build();
      Eventually.holds(
          "the forwarded page answers",
          PATIENCE,
          () -> {
            try {
              return http.send(page, BodyHandlers.ofString()).body().equals("page\n");
            } catch (IOException notYet) {
              return false;
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
          });
    } finally {
      forwarding.destroy();
      forwarding.waitFor(10, TimeUnit.SECONDS);
      ssh("", "kill " + pid);
    }
  }

  private void measurements() throws Exception {
    assertThat(ok("ping", "dev", "-c", "2", "-i", "0.1", "--json").lines())
        .hasSize(2)
        .allMatch(line -> line.matches("\\{\"path\":\"(relay|direct)\",\"rtt_ms\":[0-9.]+}"));
    assertThat(ok("speedtest", "dev", "--seconds", "1", "--json").lines())
        .hasSize(2)
        .allMatch(line ->
            line.matches(
                "\\{\"path\":\"(relay|direct)\",\"direction\":\"(down|up)\",\"mb_per_s\":[0-9.]+}"));
  }

  /// A session ends with the workspace, and the next one starts it.
  private void stopped(ApiClient api, String id) throws Exception {
    Process shell =
        builder(List.of(program.toString(), "ssh", "dev", "--", "echo up; sleep 600"), Map.of())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("shell.log").toFile())
            .start();
    Eventually.holds("the session is up", PATIENCE, () -> log("shell.log").startsWith("up"));
    api.post("/workspaces/" + id + "/builds", Map.of("transition", "stop"));
    assertThat(shell.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(shell.exitValue()).isNotZero();
    Eventually.holds(
        "it is stopped",
        PATIENCE,
        () -> api.get("/workspaces/" + id).path("status").asString().equals("stopped"));
    Ran again = ssh("", "echo again");
    assertThat(again.out()).isEqualTo("again\n");
    assertThat(again.err()).contains("Starting dev");
  }

  private void revoked(ApiClient api) throws Exception {
    Process shell =
        builder(List.of(program.toString(), "ssh", "dev", "--", "echo up; sleep 600"), Map.of())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("revoked.log").toFile())
            .start();
    Eventually.holds("the session is up", PATIENCE, () -> log("revoked.log").startsWith("up"));
    String tokenId = api.get("/tokens").path("items").get(0).path("id").asString();
    api.delete("/tokens/" + tokenId);
    assertThat(shell.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(ssh("", "true").exit()).isNotZero();
  }

  private String log(String name) {
    try {
      return Files.readString(folder.resolve(name));
    } catch (IOException e) {
      return "";
    }
  }

  /// As anybody gets it from this control plane.
  private Path commandLine() throws Exception {
    Path archive = folder.resolve("cli.tar.gz");
    try (var http = java.net.http.HttpClient.newHttpClient()) {
      HttpRequest get = HttpRequest.newBuilder(URI.create(url + "/cli/linux-amd64.tar.gz")).build();
      assertThat(http.send(get, BodyHandlers.ofFile(archive)).statusCode()).isEqualTo(200);
    }
    Path unpacked = Files.createDirectory(folder.resolve("cli"));
    done(List.of("tar", "-xzf", archive.toString(), "-C", unpacked.toString()));
    Files.createDirectory(
        folder.resolve("config"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    // The first command would make it beside itself, and go on when this test is over.
    Path command = unpacked.resolve("bin/warren");
    done(List.of(command.toString(), "--make-cache"));
    assertThat(run(List.of(command.toString(), "--version"), "", Map.of()).out())
        .matches("warren [0-9]+\\.[0-9]+\\.[0-9]+\n");
    try (Stream<Path> files = Files.list(unpacked.resolve("lib"))) {
      assertThat(files.map(file -> file.getFileName().toString()).filter(it -> it.contains("aot")))
          .singleElement()
          .asString()
          .matches("cli-[0-9a-f]{16}\\.aot");
    }
    return command;
  }

  private String ok(String... arguments) throws Exception {
    Ran ran = warren("", arguments);
    assertThat(ran.exit()).as(ran.err()).isZero();
    return ran.out();
  }

  private Ran warren(String input, String... arguments) throws Exception {
    List<String> line = new ArrayList<>(List.of(program.toString()));
    line.addAll(List.of(arguments));
    return run(line, input, Map.of());
  }

  private Ran ssh(String input, String command) throws Exception {
    return run(List.of("ssh", "-F", sshConfig.toString(), "dev.warren", command), input, Map.of());
  }

  private void done(List<String> line) throws Exception {
    Ran ran = run(line, "", Map.of());
    assertThat(ran.exit()).as(line + ": " + ran.err()).isZero();
  }

  private ProcessBuilder builder(List<String> line, Map<String, String> more) {
    ProcessBuilder builder = new ProcessBuilder(line);
    builder.environment().put("WARREN_CONFIG_DIR", folder.resolve("config").toString());
    builder.environment().put("WARREN_URL", url);
    builder.environment().put("WARREN_TOKEN", token);
    builder.environment().remove("SSH_AUTH_SOCK");
    builder.environment().putAll(more);
    return builder;
  }

  private Ran run(List<String> line, String input, Map<String, String> more) throws Exception {
    Path out = Files.createTempFile(folder, "out", null);
    Path err = Files.createTempFile(folder, "err", null);
    Process process =
        builder(line, more).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException ended) {
      // It wanted no input.
    }
    if (!process.waitFor(2 * PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(line + " does not end: " + Files.readString(err));
    }
    return new Ran(process.exitValue(), Files.readString(out), Files.readString(err));
  }
}
