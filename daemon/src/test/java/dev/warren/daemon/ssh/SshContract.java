package dev.warren.daemon.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What people do with `ssh`; run against our server and against OpenSSH's, which must not differ.
abstract class SshContract {
  private static final List<String> PROGRAMS =
      List.of("ssh", "scp", "sftp", "rsync", "git", "tmux", "vi", "ssh-agent", "python3");

  @TempDir Path folder;
  Clients clients;
  private SshTarget target;

  abstract SshTarget start(Path key) throws Exception;

  @BeforeEach
  void begins() throws Exception {
    for (String program : PROGRAMS) {
      boolean there =
          Arrays.stream(System.getenv("PATH").split(":"))
              .anyMatch(bin -> Files.isExecutable(Path.of(bin, program)));
      assumeTrue(there, program + " is not installed: ./warren test installs or names it");
    }
    Path key = folder.resolve("key");
    Clients.check(List.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString()));
    target = start(key);
    clients = new Clients(folder, target);
  }

  @AfterEach
  void ends() throws Exception {
    if (target != null) {
      target.close();
    }
  }

  @Test
  void aCommandHasItsInputItsTwoOutputsAndItsExitStatus() throws Exception {
    assertThat(clients.ssh("one\ntwo\n", "w", "wc -l; echo bad >&2; exit 7"))
        .isEqualTo(new Clients.Ran(7, "2\n", "bad\n"));
    assertThat(clients.ssh("", "w", "true").exit()).isZero();
    assertThat(clients.ssh("", "w", "/nonexistent").exit()).isEqualTo(127);
  }

  @Test
  void aProgramThatASignalEndsIsNoExitStatus() throws Exception {
    Clients.Ran ran = clients.ssh("", "-v", "w", "kill -TERM $$");
    assertThat(ran.exit()).isEqualTo(255);
    assertThat(ran.err()).contains("rtype exit-signal");
  }

  @Test
  void variablesOfTheClientArriveAndNoTerminalIsThereUnasked() throws Exception {
    Clients.Ran ran =
        clients.ssh(
            "", "-o", "SetEnv=LC_TEST=there", "w", "echo $LC_TEST; tty; echo ${TERM:-dumb}");
    assertThat(ran.out()).isEqualTo("there\nnot a tty\ndumb\n");
  }

  @Test
  void aTerminalHasASizeAndItsControlCharactersAreSignals() throws Exception {
    List<String> tmux = tmux();
    String there = "trap 'exit 9' INT; stty size; sleep 300";
    String here = "ssh -F %s -t w \"%s\"; echo exit=$?; cat".formatted(clients.config(), there);
    try {
      run(tmux, "new-session", "-d", "-x", "90", "-y", "25", "TERM=xterm " + here);
      Clients.await(() -> run(tmux, "capture-pane", "-p").contains("25 90"));
      run(tmux, "send-keys", "C-c");
      Clients.await(() -> run(tmux, "capture-pane", "-p").contains("exit=9"));
    } finally {
      Clients.run(with(tmux, "kill-server"), "", Map.of());
    }
  }

  @Test
  void theShellIsALoginShell() throws Exception {
    Clients.Ran ran =
        clients.ssh("shopt -q login_shell && echo it is $((40 + 2)); exit 3\n", "-tt", "w");
    assertThat(ran.out()).contains("it is 42");
    assertThat(ran.exit()).isEqualTo(3);
  }

  @Test
  void aFullScreenProgramIsUsedThroughATerminalThatChangesItsSize() throws Exception {
    Path file = folder.resolve("written.txt");
    List<String> tmux = tmux();
    try {
      run(
          tmux,
          "new-session",
          "-d",
          "-x",
          "90",
          "-y",
          "25",
          "TERM=xterm ssh -F " + clients.config() + " -t w vi -u NONE " + file);
      Clients.await(() -> run(tmux, "capture-pane", "-p").contains("~"));
      run(tmux, "send-keys", "ihello from a terminal", "Escape");
      Clients.await(() -> run(tmux, "capture-pane", "-p").contains("hello from a terminal"));
      int before = (int) run(tmux, "capture-pane", "-p").lines().filter("~"::equals).count();
      run(tmux, "resize-window", "-x", "60", "-y", "15");
      Clients.await(
          () -> run(tmux, "capture-pane", "-p").lines().filter("~"::equals).count() == before - 10);
      run(tmux, "send-keys", ":wq", "Enter");
      Clients.await(() -> Files.exists(file) && Files.size(file) > 0);
      assertThat(file).hasContent("hello from a terminal\n");
    } finally {
      Clients.run(with(tmux, "kill-server"), "", Map.of());
    }
  }

  @Test
  void sftpDoesWhatItIsAsked() throws Exception {
    Path here = Files.createDirectory(folder.resolve("here"));
    Path there = folder.resolve("there");
    byte[] content = random(300_000);
    Files.write(here.resolve("a b"), content);
    Path batch = folder.resolve("batch");
    Files.writeString(
        batch,
        """
        mkdir %1$s
        cd %1$s
        put "%2$s/a b" first
        rename first second
        chmod 640 second
        ln -s second link
        ls -l
        get link "%2$s/back"
        put "%2$s/a b" gone
        rm gone
        mkdir empty
        rmdir empty
        """
            .formatted(there, here));
    String listing = clients.ok("sftp", "-b", batch.toString(), "w");
    assertThat(listing).contains("-rw-r-----").contains("link");
    assertThat(here.resolve("back")).hasBinaryContent(content);
    assertThat(there.resolve("link").toRealPath()).isEqualTo(there.resolve("second").toRealPath());
    try (var left = Files.list(there)) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("second", "link");
    }
  }

  @Test
  void scpCopiesFoldersByEitherProtocolBothWays() throws Exception {
    Path tree = tree("tree");
    for (String mode : List.of("-s", "-O")) {
      Path there = folder.resolve("there" + mode);
      Path back = folder.resolve("back" + mode);
      clients.ok("scp", mode, "-q", "-r", "-p", tree.toString(), "w:" + there);
      clients.ok("scp", mode, "-q", "-r", "-p", "w:" + there, back.toString());
      assertThat(Clients.run(List.of("diff", "-r", tree.toString(), back.toString()), "", Map.of()))
          .isEqualTo(new Clients.Ran(0, "", ""));
      assertThat(Files.isExecutable(back.resolve("run.sh"))).isTrue();
    }
  }

  @Test
  void rsyncSynchronisesBothWays() throws Exception {
    Path tree = tree("tree");
    Path there = folder.resolve("there");
    Path back = folder.resolve("back");
    List<String> rsync = List.of("rsync", "-a", "--delete", "-e", "ssh -F " + clients.config());
    Clients.check(with(rsync, tree + "/", "w:" + there + "/"));
    Files.delete(tree.resolve("run.sh"));
    Files.writeString(tree.resolve("new"), "new");
    Clients.check(with(rsync, tree + "/", "w:" + there + "/"));
    Clients.check(with(rsync, "w:" + there + "/", back + "/"));
    assertThat(Clients.run(List.of("diff", "-r", tree.toString(), back.toString()), "", Map.of()))
        .isEqualTo(new Clients.Ran(0, "", ""));
  }

  @Test
  void gitClonesAndPushes() throws Exception {
    Path bare = folder.resolve("bare.git");
    Path clone = folder.resolve("clone");
    Map<String, String> environment = Map.of("GIT_SSH_COMMAND", "ssh -F " + clients.config());
    Clients.check(List.of("git", "init", "-q", "--bare", "-b", "main", bare.toString()));
    Clients.run(List.of("git", "clone", "-q", "w:" + bare, clone.toString()), "", environment);
    Files.writeString(clone.resolve("file"), "content");
    String git = "git -C " + clone + " -c user.name=a -c user.email=a@b.c ";
    Clients.Ran ran =
        Clients.run(
            List.of(
                "sh",
                "-ec",
                git + "add .; " + git + "commit -qm one; " + git + "push -q origin HEAD:main"),
            "",
            environment);
    assertThat(ran.exit()).as(ran.err()).isZero();
    assertThat(Clients.check(List.of("git", "-C", bare.toString(), "show", "main:file")))
        .isEqualTo("content");
  }

  @Test
  void oneConnectionCarriesAHundredSessionsAtOnce() throws Exception {
    String control = folder.resolve("c").toString();
    clients.ok("ssh", "-M", "-S", control, "-o", "ControlPersist=60", "-f", "-N", "w");
    try {
      assertThat(
              inParallel(100, i -> clients.ssh("", "-S", control, "w", "cat /dev/null; echo " + i)))
          .allSatisfy(ran -> assertThat(ran).matches(each -> each.exit() == 0, "ended well"))
          .extracting(ran -> Integer.valueOf(ran.out().strip()))
          .doesNotHaveDuplicates()
          .hasSize(100);
    } finally {
      clients.ssh("", "-S", control, "-O", "exit", "w");
    }
  }

  @Test
  void manyConnectionsAreServedAtOnce() throws Exception {
    assertThat(inParallel(20, i -> clients.ssh("", "w", "echo " + i)))
        .extracting(ran -> ran.out().strip())
        .doesNotHaveDuplicates()
        .hasSize(20);
  }

  @Test
  void manyBytesPassUnharmedBothWaysAtOnce() throws Exception {
    byte[] content = random(20_000_000);
    Path file = folder.resolve("big");
    Path back = folder.resolve("back");
    Files.write(file, content);
    Process cat =
        new ProcessBuilder("ssh", "-F", clients.config(), "w", "cat")
            .redirectInput(file.toFile())
            .redirectOutput(back.toFile())
            .start();
    assertThat(cat.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(back).hasBinaryContent(content);
  }

  /// A terminal of the test's own, which can be typed into and looked at.
  private List<String> tmux() {
    return List.of("tmux", "-S", folder.resolve("tmux").toString(), "-f", "/dev/null");
  }

  static List<String> with(List<String> line, String... more) {
    List<String> all = new ArrayList<>(line);
    all.addAll(List.of(more));
    return all;
  }

  static String run(List<String> line, String... more) throws Exception {
    return Clients.check(with(line, more));
  }

  /// What a client does with its number.
  @FunctionalInterface
  interface Numbered {
    Clients.Ran run(int number) throws Exception;
  }

  private static List<Clients.Ran> inParallel(int count, Numbered each) throws Exception {
    List<FutureTask<Clients.Ran>> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = i;
      FutureTask<Clients.Ran> task = new FutureTask<>(() -> each.run(number));
      all.add(task);
      Thread.ofVirtual().start(task);
    }
    List<Clients.Ran> done = new ArrayList<>();
    for (FutureTask<Clients.Ran> task : all) {
      done.add(task.get(120, TimeUnit.SECONDS));
    }
    return done;
  }

  private Path tree(String name) throws Exception {
    Path tree = Files.createDirectory(folder.resolve(name));
    Files.createDirectories(tree.resolve("deep/er"));
    Files.write(tree.resolve("deep/er/random"), random(100_000));
    Files.writeString(tree.resolve("name with 'quotes' and ümlaut"), "x");
    Path script = Files.writeString(tree.resolve("run.sh"), "#!/bin/sh\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    return tree;
  }

  static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(42).nextBytes(bytes);
    return bytes;
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
