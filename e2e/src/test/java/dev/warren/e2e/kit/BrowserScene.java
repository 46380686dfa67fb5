package dev.warren.e2e.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A scene that a real browser plays on the page of a control plane: `dashboard/browser/whole.mjs`
/// in a process of its own. What it prints are its cues.
public final class BrowserScene implements AutoCloseable {
  private static final Duration DEADLINE = Duration.ofMinutes(4);
  private static final Path DASHBOARD = Path.of("..", "dashboard").toAbsolutePath().normalize();

  private final Process process;
  private final BufferedReader cues;
  private final Path errors;

  /// @param folder where its pictures go
  public BrowserScene(String scene, WarrenProcess warren, Path folder, Optional<String> chatId) {
    errors = folder.resolve("browser-" + scene + ".log");
    List<String> command =
        new ArrayList<>(
            List.of(
                "node",
                "browser/whole.mjs",
                scene,
                warren.url(),
                WarrenProcess.EMAIL,
                WarrenProcess.PASSWORD,
                folder.toString()));
    chatId.ifPresent(command::add);
    try {
      process =
          new ProcessBuilder(command)
              .directory(DASHBOARD.toFile())
              .redirectError(errors.toFile())
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start node in " + DASHBOARD, e);
    }
    cues = process.inputReader();
  }

  /// Why no browser can be driven here, if none can.
  public static Optional<String> missing() {
    String named = System.getenv("WARREN_CHROMIUM");
    Path chromium = Path.of(named == null ? "/usr/bin/chromium" : named);
    if (!Files.isExecutable(chromium)) {
      return Optional.of("there is no Chromium at " + chromium);
    }
    return Files.isDirectory(DASHBOARD.resolve("node_modules"))
        ? Optional.empty()
        : Optional.of("the dashboard's packages are not installed");
  }

  /// Waits until the scene gives this cue.
  public void await(String cue) {
    try {
      String said = cues.readLine();
      assertThat(said).as(() -> "the cue of the browser; its errors: " + errors()).isEqualTo(cue);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Waits for the end of the scene, which must be a good one.
  public void ends() {
    try {
      assertThat(process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS))
          .as("the scene ends within " + DEADLINE)
          .isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
    assertThat(process.exitValue()).as(this::errors).isZero();
  }

  private String errors() {
    try {
      return Files.readString(errors);
    } catch (IOException e) {
      return "(no errors: " + e + ")";
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
  }
}
