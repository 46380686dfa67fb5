package dev.warren.e2e.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The npm package `minimist` with its tests and what they need, as a git repository in which one
/// line is broken.
public final class BrokenPackage {
  public static final String RIGHT = "(/^0x[0-9a-f]+$/i).test(x)";
  public static final String BROKEN = "(/^0x[0-9]+$/i).test(x)";

  private static final long COMMAND_S_MAX = 180;

  private BrokenPackage() {}

  /// Fetches the package from the npm registry into a folder that is not there yet.
  public static void fetch(Path folder) {
    try {
      Files.createDirectories(folder);
      run(folder, "npm", "pack", "--silent", "minimist@1.2.8");
      run(folder, "tar", "xzf", "minimist-1.2.8.tgz", "--strip-components=1");
      Files.delete(folder.resolve("minimist-1.2.8.tgz"));
      // The runner alone: the package's own development tools are not for running its tests.
      Path runner = Files.createTempDirectory(folder.getParent(), "tape");
      run(runner, "npm", "install", "--silent", "--no-save", "--prefix", ".", "tape@5");
      Files.move(runner.resolve("node_modules"), folder.resolve("node_modules"));
      Path source = folder.resolve("index.js");
      String text = Files.readString(source);
      assertThat(text).containsOnlyOnce(RIGHT);
      Files.writeString(source, text.replace(RIGHT, BROKEN));
      Files.writeString(folder.resolve(".gitignore"), "node_modules/\n");
      run(folder, "git", "init", "--quiet", "--initial-branch=main");
      run(folder, "git", "add", "--all");
      run(
          folder,
          "git",
          "-c",
          "user.name=The Test",
          "-c",
          "user.email=test@example.org",
          "commit",
          "--quiet",
          "--message=Broken on purpose");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot fetch minimist into " + folder, e);
    }
  }

  private static void run(Path folder, String... command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    environment.put("GIT_CONFIG_GLOBAL", "/dev/null");
    Process process = builder.start();
    try (var out = process.inputReader()) {
      List<String> lines = out.lines().toList();
      assertThat(process.waitFor(COMMAND_S_MAX, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue())
          .as("%s: %s", String.join(" ", command), String.join("\n", lines))
          .isZero();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
