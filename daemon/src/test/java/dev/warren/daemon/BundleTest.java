package dev.warren.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The bundle as it was built last; skipped before the first `package`.
class BundleTest {
  private static final Path BUNDLE = Path.of("target/bundle/linux-amd64").toAbsolutePath();

  @TempDir Path folder;

  @BeforeEach
  void needsTheBundle() {
    assumeTrue(
        Files.exists(BUNDLE.resolve("lib/classpath")),
        "the bundle is not built: mvnw -pl daemon -am package");
  }

  @Test
  void holdsNothingOfTheControlPlaneOrOfModels() throws IOException {
    List<String> jars = Files.readAllLines(BUNDLE.resolve("lib/classpath"));
    System.out.println(jars);
    assertThat(jars)
        .allMatch(jar ->
            jar.matches(
                "(warren-(daemon|protocol|tunnel)|sshd-(common|core|scp|sftp)|eddsa|jackson-(annotations|core|databind)"
                    + "|netty-[a-z0-9-]+|slf4j-(api|simple))-[0-9].*\\.jar"));
    for (String jar : jars) {
      try (ZipFile zip = new ZipFile(BUNDLE.resolve("lib").resolve(jar).toFile())) {
        assertThat(zip.stream().map(Object::toString))
            .noneMatch(name ->
                name.startsWith("dev/warren/llm/") || name.startsWith("dev/warren/server/"));
      }
    }
    try (Stream<Path> files = Files.walk(BUNDLE)) {
      assertThat(files.filter(Files::isRegularFile).map(Path::getFileName).map(Path::toString))
          .noneMatch(name -> name.endsWith(".key") || name.contains("token"));
    }
  }

  @Test
  void doesItsDailyWorkFromItsOwnRuntimeAlone() throws Exception {
    Process trained =
        new ProcessBuilder(BUNDLE.resolve("bin/warren-daemon").toString(), "--once", "--train")
            .redirectErrorStream(true)
            .start();
    trained.getOutputStream().close();
    String output = new String(trained.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(trained.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(trained.exitValue()).as(output).isZero();
  }

  @Test
  void saysTheVersionThatItsJarHas() throws Exception {
    Process asked =
        new ProcessBuilder(BUNDLE.resolve("bin/warren-daemon").toString(), "--version")
            .redirectErrorStream(true)
            .start();
    asked.getOutputStream().close();
    String output = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(asked.waitFor(60, TimeUnit.SECONDS)).isTrue();
    String jar =
        Files.readAllLines(BUNDLE.resolve("lib/classpath")).stream()
            .filter(name -> name.startsWith("warren-daemon-"))
            .findFirst()
            .orElseThrow();
    String version = jar.substring("warren-daemon-".length(), jar.length() - ".jar".length());
    assertThat(output).isEqualTo("warren-daemon " + version + "\n");
  }

  @Test
  void wrongUsageEndsTheSupervisorWithALineThatSaysWhatIsRight() throws Exception {
    Process wrong =
        new ProcessBuilder(BUNDLE.resolve("bin/warren-daemon").toString(), "--url", "nonsense")
            .redirectErrorStream(true)
            .start();
    wrong.getOutputStream().close();
    String output = new String(wrong.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(wrong.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(wrong.exitValue()).isEqualTo(2);
    assertThat(output).contains("--url is the control plane's URL");
  }

  @Test
  void supervisorEndsAtOnceOnTermWithItsDaemon() throws Exception {
    Process supervisor =
        new ProcessBuilder(
                BUNDLE.resolve("bin/warren-daemon").toString(),
                "--url",
                "http://127.0.0.1:1",
                "--state",
                folder.resolve("state").toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!Files.exists(folder.resolve("state/node.key")) && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    List<ProcessHandle> children = supervisor.descendants().toList();
    supervisor.destroy();
    assertThat(supervisor.waitFor(20, TimeUnit.SECONDS)).isTrue();
    for (ProcessHandle child : children) {
      child.onExit().get(20, TimeUnit.SECONDS);
    }
  }
}
