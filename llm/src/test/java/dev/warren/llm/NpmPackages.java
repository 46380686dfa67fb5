package dev.warren.llm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/// Packages of other people's making, in a folder under `target` that npm fills once. A test that
/// needs them is skipped where npm or its registry is not.
final class NpmPackages {
  private static final int INSTALL_S_MAX = 180;

  private NpmPackages() {}

  /// @param program of the packages, that shows that they are there
  /// @param packages with their versions
  static Path folder(String name, String program, String... packages)
      throws IOException, InterruptedException {
    Path folder = Path.of("target", name).toAbsolutePath();
    Path modules = folder.resolve("node_modules");
    if (!Files.exists(modules.resolve(program))) {
      Files.createDirectories(folder);
      Assumptions.assumeTrue(
          install(folder, packages) && Files.exists(modules.resolve(program)),
          "npm cannot install "
              + String.join(" ", packages)
              + " here; with npm and its registry this test runs");
    }
    return folder;
  }

  private static boolean install(Path folder, String... packages) throws InterruptedException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("npm", "install", "--no-save", "--silent", "--ignore-scripts"));
    command.addAll(List.of("--prefix", "."));
    command.addAll(List.of(packages));
    try {
      Process npm =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!npm.waitFor(INSTALL_S_MAX, TimeUnit.SECONDS)) {
        npm.destroyForcibly();
        return false;
      }
      return npm.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
