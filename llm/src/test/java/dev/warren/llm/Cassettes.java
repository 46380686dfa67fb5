package dev.warren.llm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// Recorded traffic of real providers, where this machine has it: the folder in `WARREN_CASSETTES`,
/// else `shared/cassettes` beside the repository. Tests that need it are skipped without.
final class Cassettes {
  /// The formats that there are recordings of.
  static final List<String> GROUPS =
      List.of("anthropic", "openai-chat", "openai-responses", "gemini", "bedrock");

  private Cassettes() {}

  /// None where there are no recordings.
  static List<Path> ofAny(String group) {
    return root().isPresent() ? of(group) : List.of();
  }

  static List<Path> of(String group) {
    return files(group, ".*\\.(sse|eventstream)");
  }

  /// Bodies of answers that were no 200, wherever they lie.
  static List<Path> refusals() {
    return Stream.concat(Stream.of("errors"), GROUPS.stream())
        .flatMap(group -> files(group, ".*(?<!\\.meta)\\.json").stream())
        .toList();
  }

  private static List<Path> files(String group, String names) {
    Optional<Path> root = root();
    Assumptions.assumeTrue(
        root.isPresent(), "no recorded traffic here; set WARREN_CASSETTES to its folder");
    try (Stream<Path> files = Files.list(root.orElseThrow().resolve(group))) {
      return files.filter(f -> f.toString().matches(names)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Path> root() {
    String named = System.getenv("WARREN_CASSETTES");
    if (named != null) {
      return Optional.of(Path.of(named)).filter(Files::isDirectory);
    }
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null) {
      Path candidate = folder.resolve("shared").resolve("cassettes");
      if (Files.isDirectory(candidate)) {
        return Optional.of(candidate);
      }
      folder = folder.getParent();
    }
    return Optional.empty();
  }

  static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
