package dev.warren.daemon.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.protocol.tunnel.GitLogin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GitAskpassTest {
  @TempDir Path folder;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private GitAskpass askpass;

  private record Ran(int exit, String out, String err) {}

  @BeforeEach
  void opens() throws IOException {
    askpass = GitAskpass.open(folder.resolve("it's state"));
    askpass.logins(this::login);
    askpass.start();
  }

  @AfterEach
  void closes() throws IOException {
    askpass.close();
  }

  private GitLogin login(String host) throws IOException {
    asked.add(host);
    if (host.startsWith("unknown")) {
      throw new IOException("you have no login at " + host);
    }
    return new GitLogin("ann", "p'w \"ü$");
  }

  @Test
  void gitGetsTheNameAndThePasswordOfAHost() throws Exception {
    assertThat(run("Username for 'https://GitHub.com': ")).isEqualTo(new Ran(0, "ann\n", ""));
    assertThat(run("Password for 'https://ann@github.com': "))
        .isEqualTo(new Ran(0, "p'w \"ü$\n", ""));
    assertThat(run("Password for 'http://127.0.0.1:3000/a/b.git': ").exit()).isZero();
    assertThat(asked).containsExactly("github.com", "github.com", "127.0.0.1:3000");
  }

  @Test
  void aStateFolderTooDeepForASocketIsNoHindrance() throws Exception {
    askpass.close();
    askpass = GitAskpass.open(folder.resolve("deep/".repeat(40)));
    askpass.logins(this::login);
    askpass.start();
    assertThat(run("Username for 'https://github.com': ")).isEqualTo(new Ran(0, "ann\n", ""));
  }

  @Test
  void whoGetsNothingHearsWhy() throws Exception {
    assertThat(run("Username for 'https://unknown.org': "))
        .isEqualTo(new Ran(1, "", "warren: you have no login at unknown.org\n"));
    assertThat(run("Enter passphrase for key '/root/.ssh/id': "))
        .isEqualTo(new Ran(1, "", "warren: this is no question of git's for an HTTP login\n"));
    askpass.close();
    assertThat(run("Username for 'https://github.com': ").exit()).isEqualTo(1);
  }

  @Test
  void noPasswordGoesWhereOthersCanReadIt() throws Exception {
    for (String host : List.of("github.com", "127.0.0.1.evil.org", "localhost.evil.org")) {
      assertThat(run("Password for 'http://ann@" + host + "': ").err())
          .contains("no login goes to " + host + " without encryption");
    }
    assertThat(run("Password for 'http://127.0.0.1@evil.org': ").exit()).isEqualTo(1);
    assertThat(asked).isEmpty();
  }

  @Test
  void onlyItsUserMayAsk() throws IOException {
    Path socket = folder.resolve("it's state/git/askpass.sock");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(askpass.script())))
        .isEqualTo("rwx------");
  }

  private Ran run(String prompt) throws Exception {
    Process git = new ProcessBuilder(askpass.script().toString(), prompt).start();
    git.getOutputStream().close();
    String out = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(git.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ran(git.waitFor(), out, err);
  }
}
