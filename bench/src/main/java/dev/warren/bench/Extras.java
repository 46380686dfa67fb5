package dev.warren.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Jars that a benchmark needs and the build does not: a pom beside the benchmarks names them, and
/// Maven fetches them when they are wanted first.
final class Extras {
  private static final Duration FETCH_DEADLINE = Duration.ofMinutes(10);

  private Extras() {}

  /// The repository's root.
  static Path root() {
    return Path.of(System.getProperty("warren.home")).resolve("../../..").normalize();
  }

  /// The product's jars, for a class path.
  static String product() {
    return Path.of(System.getProperty("warren.home")).resolve("lib") + "/*";
  }

  /// @param name of the folder under `bench` with the pom
  /// @return a class path
  static String jars(String name, Path folder) {
    Path jars = root().resolve("bench/target/" + name);
    if (!Files.isDirectory(jars)) {
      List<String> command =
          List.of(
              root().resolve("mvnw").toString(),
              "-B",
              "-q",
              "-f",
              root().resolve("bench/" + name + "/pom.xml").toString(),
              "dependency:copy-dependencies",
              "-DincludeScope=runtime",
              // What all modules have is not wanted here.
              "-DexcludeGroupIds=org.junit.jupiter,org.assertj",
              "-DoutputDirectory=" + jars);
      try (Program maven = Program.start(folder, name, Map.of(), command)) {
        maven.awaitEnd("the jars of " + name, FETCH_DEADLINE);
      }
    }
    return jars + "/*";
  }
}
