package dev.warren.server.workspace.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Runs a hostile program in a real sandbox, started by root and by an ordinary user.
final class SandboxAttackTest {
  /// An account that nobody has.
  private static final int ORDINARY_UID = 1_900_001;

  private Path folder;
  private Path data;

  @BeforeEach
  void makesTheHost() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/bwrap")), "bubblewrap is not installed");
    assumeTrue(System.getProperty("os.arch").equals("amd64"), "the attack knows x86-64 numbers");
    folder = Files.createTempDirectory(Path.of("/tmp"), "warren-attack-");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    data = Files.createDirectory(folder.resolve("data"));
    Files.writeString(data.resolve("bait"), "the control plane's");
  }

  @AfterEach
  void removesIt() throws Exception {
    if (folder != null) {
      FolderRemoval.remove(folder);
    }
  }

  @Test
  void nothingInASandboxThatRootStartedGetsOut() throws Exception {
    assumeTrue(HostUser.current().isRoot(), "not root");
    Map<String, String> verdicts = attack("root", List.of());
    assertThat(verdicts).containsEntry("truncate the start log", "held");
  }

  @Test
  void nothingInASandboxThatAnOrdinaryUserStartedGetsOut() throws Exception {
    List<String> drop = List.of();
    if (HostUser.current().isRoot()) {
      drop =
          List.of(
              "setpriv",
              "--reuid=" + ORDINARY_UID,
              "--regid=" + ORDINARY_UID,
              "--clear-groups",
              "--inh-caps=-all");
      for (Path own : List.of(folder, data, data.resolve("bait"))) {
        Files.setAttribute(own, "unix:uid", ORDINARY_UID);
      }
    }
    attack("ordinary user", drop);
  }

  private Map<String, String> attack(String who, List<String> prefix) throws Exception {
    Path attack = resource("Attack.java");
    String bait = "bait-" + ThreadLocalRandom.current().nextLong();
    List<String> command = new ArrayList<>(prefix);
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-Xmx64m", "-cp", classPath()));
    command.add(SandboxStarter.class.getName());
    command.add(folder.resolve("workspaces").toString());
    command.add(data.toString());
    command.add(System.getProperty("java.home"));
    command.add(attack.toString());
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("WARREN_BAIT", bait);
    Process starter = builder.start();
    String output = new String(starter.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(starter.waitFor(5, TimeUnit.SECONDS)).as(output).isTrue();
    System.out.println("== attack on a sandbox started by " + who);
    System.out.println(output);
    assertThat(output)
        .contains("isolation user", "exposed key true", "exposed memory true", "removed true");
    Map<String, String> verdicts = new TreeMap<>();
    output
        .lines()
        .map(line -> line.split("\t"))
        .filter(words -> words.length == 3)
        .forEach(words -> verdicts.put(words[0], words[1]));
    assertThat(verdicts).as(output).hasSizeGreaterThan(60).doesNotContainValue("BROKEN");
    assertThat(Files.readString(data.resolve("bait"))).isEqualTo("the control plane's");
    try (var left = Files.list(data)) {
      assertThat(left).containsExactly(data.resolve("bait"));
    }
    return verdicts;
  }

  /// The classes that the starter needs, where an ordinary user may read them.
  private String classPath() throws IOException {
    Path classes = Files.createDirectories(folder.resolve("classes"));
    String folderName = SandboxStarter.class.getPackageName().replace('.', '/');
    Path target = Files.createDirectories(classes.resolve(folderName));
    for (Class<?> type : List.of(Sandbox.class, SandboxStarter.class)) {
      try (var files = Files.list(location(type).resolve(folderName))) {
        for (Path file : files.toList()) {
          Files.copy(file, target.resolve(file.getFileName()));
        }
      }
    }
    Path logging = location(org.slf4j.Logger.class);
    Path copy = Files.copy(logging, folder.resolve(logging.getFileName()));
    return classes + ":" + copy;
  }

  private Path resource(String name) throws IOException {
    try (var in = SandboxAttackTest.class.getResourceAsStream(name)) {
      return Files.write(folder.resolve(name), in.readAllBytes());
    }
  }

  private static Path location(Class<?> type) {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
  }
}
