package dev.warren.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `bin/warren-daemon` does with a bundle that took another's place; what runs in them here
/// only notes that it ran, and ends.
final class SupervisorTest {
  private static final Path LAUNCHER = Path.of("src/bundle/warren-daemon").toAbsolutePath();

  @TempDir Path home;

  @BeforeEach
  void begins() throws IOException {
    bundle("daemon.old", "echo old >> \"$home/ran\"; exit 78");
    Files.writeString(home.resolve("bundle.sha256"), "sum-of-new\n");
    Files.writeString(home.resolve("bundle.trial"), "sum-of-new\nsum-of-old\n");
  }

  @Test
  void bundleThatCannotAttachGivesItsPlaceBackAndIsRefused() throws Exception {
    bundle("daemon", "echo new >> \"$home/ran\"; exit 76");

    String said = run();

    assertThat(home.resolve("ran")).hasContent("new\nold");
    assertThat(said)
        .containsOnlyOnce(
            "the new bundle sum-of-new could not attach to a control plane that answers:"
                + " going back to the one before it");
    assertThat(home.resolve("bundle.sha256")).hasContent("sum-of-old");
    assertThat(home.resolve("bundle.refused")).hasContent("sum-of-new");
    assertThat(home.resolve("bundle.trial")).doesNotExist();
    assertThat(home.resolve("daemon.failed")).doesNotExist();
    assertThat(home.resolve("daemon.old")).doesNotExist();
  }

  @Test
  void bundleThatEndsThreeTimesBeforeItIsAttachedGivesItsPlaceBack() throws Exception {
    bundle("daemon", "echo new >> \"$home/ran\"; exit 134");

    String said = run();

    assertThat(home.resolve("ran")).hasContent("new\nnew\nnew\nold");
    assertThat(said).contains("ended with 134 before it was attached: going back");
  }

  @Test
  void bundleThatDoesNotTakeItsArgumentsGivesItsPlaceBack() throws Exception {
    bundle("daemon", "echo new >> \"$home/ran\"; exit 2");

    assertThat(run()).contains("ended with 2 before it was attached: going back");
    assertThat(home.resolve("ran")).hasContent("new\nold");
  }

  @Test
  void bundleThatWasAttachedStaysHoweverOftenItEnds() throws Exception {
    bundle(
        "daemon",
        """
        rm -f "$home/bundle.trial"
        echo new >> "$home/ran"
        [ $(wc -l < "$home/ran") -lt 4 ] && exit 134
        exit 78\
        """);

    assertThat(run()).doesNotContain("going back");
    assertThat(home.resolve("ran")).hasContent("new\nnew\nnew\nnew");
  }

  @Test
  void bundleStaysWhereThereIsNoOtherToGoBackTo() throws Exception {
    Files.delete(home.resolve("daemon.old/bin/warren-daemon"));
    bundle(
        "daemon",
        """
        echo new >> "$home/ran"
        [ $(wc -l < "$home/ran") -lt 2 ] && exit 76
        exit 78\
        """);

    assertThat(run()).doesNotContain("going back");
    assertThat(home.resolve("ran")).hasContent("new\nnew");
  }

  /// A bundle whose Java is a script.
  private void bundle(String name, String java) throws IOException {
    Path bundle = home.resolve(name);
    Files.createDirectories(bundle.resolve("lib"));
    Files.writeString(bundle.resolve("lib/classpath"), "warren-daemon.jar\n");
    Files.writeString(bundle.resolve("lib/daemon.aot"), "made already");
    program(bundle.resolve("bin/warren-daemon"), Files.readString(LAUNCHER));
    program(bundle.resolve("runtime/bin/java"), "#!/bin/sh\nhome=" + home + "\n" + java + "\n");
  }

  private static void program(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /// What the supervisor prints until it ends.
  private String run() throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(home.resolve("daemon/bin/warren-daemon").toString(), "--state", "none")
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("log").toFile());
    // Its pauses between one end and the next start are not what is tested.
    program(home.resolve("bin/sleep"), "#!/bin/sh\n");
    builder.environment().put("PATH", home.resolve("bin") + ":/usr/bin:/bin");
    Process supervisor = builder.start();
    try {
      assertThat(supervisor.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(supervisor.exitValue()).isZero();
    } finally {
      supervisor.destroy();
    }
    return Files.readString(home.resolve("log"), UTF_8);
  }
}
