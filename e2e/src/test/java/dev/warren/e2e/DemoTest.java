package dev.warren.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.e2e.kit.Eventually;
import dev.warren.e2e.kit.FreePort;
import dev.warren.e2e.kit.SharedFolder;
import dev.warren.protocol.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// `./warren demo` as somebody who tries Warren meets it, in a real browser.
final class DemoTest {
  private static final Duration LINK_DEADLINE = Duration.ofMinutes(5);
  private static final Duration STOP_DEADLINE = Duration.ofSeconds(60);
  private static final long BROWSER_S_MAX = 420;
  private static final Pattern LINK = Pattern.compile("http://\\S+/signin#token=\\S+");

  @TempDir private Path folder;

  @Test
  void aPromptEndsInAProgramThatWasWrittenAndRun() throws Exception {
    Path root = Path.of(System.getProperty("warren.home")).resolve("../../..").toRealPath();
    Path log = folder.resolve("demo.log");
    ProcessBuilder builder =
        new ProcessBuilder(root.resolve("warren").toString(), "demo")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("WARREN_"));
    // All that demo keeps lies under here, so that what is left is seen.
    Path temporary = SharedFolder.create(folder.resolve("tmp"));
    builder.environment().put("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + temporary);
    builder.environment().put("WARREN_ADDRESS", "127.0.0.1:" + FreePort.find());
    Process demo = builder.start();
    try {
      String link = Eventually.get("demo prints its link", LINK_DEADLINE, () -> link(demo, log));
      Path pictures = root.resolve("e2e/target/pictures");
      JsonNode seen = browse(root, link, pictures);
      assertThat(seen.path("text").asString())
          .contains("Write a program that counts primes", "The program is written and runs");
      assertThat(pictures.toFile().list())
          .contains(
              "sign-in.png",
              "list.png",
              "running.png",
              "finished.png",
              "finished-dark.png",
              "phone.png");
    } finally {
      demo.destroy();
      assertThat(demo.waitFor(STOP_DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }
    assertThat(temporary).as("the demo's folders").isEmptyDirectory();
    assertThat(processesIn(temporary)).as("the demo's processes").isEmpty();
  }

  private static Optional<String> link(Process demo, Path log) {
    try {
      String text = Files.readString(log);
      assertThat(demo.isAlive()).as("demo ended: %s", text).isTrue();
      return Optional.of(LINK.matcher(text)).filter(Matcher::find).map(Matcher::group);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private JsonNode browse(Path root, String link, Path pictures) throws Exception {
    Path out = folder.resolve("browser.out");
    Path err = folder.resolve("browser.err");
    Process browser =
        new ProcessBuilder(
                "node", root.resolve("e2e/browser/demo.mjs").toString(), link, pictures.toString())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      assertThat(browser.waitFor(BROWSER_S_MAX, TimeUnit.SECONDS)).as("the browser ends").isTrue();
      assertThat(browser.exitValue()).as("%s", Files.readString(err)).isZero();
    } finally {
      browser.destroyForcibly();
    }
    return Json.LENIENT.readTree(Files.readString(out));
  }

  private static List<String> processesIn(Path folder) {
    return ProcessHandle.allProcesses()
        .map(process -> process.info().commandLine().orElse(""))
        .filter(line -> line.contains(folder.toString()))
        .toList();
  }
}
