package dev.warren.bench;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

  /// The same, jar by jar: the compiler takes no wildcards when it is called from a program.
  static String productJars() {
    try (Stream<Path> jars = Files.list(Path.of(System.getProperty("warren.home"), "lib"))) {
      return jars.map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
      try (Program maven =
          Program.start(
              folder, name, Map.of("JAVA_HOME", System.getProperty("java.home")), command)) {
        maven.awaitEnd("the jars of " + name, FETCH_DEADLINE);
      }
    }
    return jars + "/*";
  }
}
