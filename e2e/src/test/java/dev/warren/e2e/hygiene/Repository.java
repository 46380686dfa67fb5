package dev.warren.e2e.hygiene;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The files of this repository: what git tracks, and what it would track if it were added now.
final class Repository {
  static final Path ROOT = root();

  private static final List<String> FILES = list();

  private Repository() {}

  /// Paths from the root, of text and binary files alike.
  static Stream<String> files() {
    return FILES.stream();
  }

  static Stream<String> files(String... endings) {
    return files().filter(file -> Stream.of(endings).anyMatch(file::endsWith));
  }

  /// Files that people write and read; not what a tool generates or what is not text.
  static Stream<String> textFiles() {
    return files()
        .filter(file -> !file.endsWith("package-lock.json"))
        .filter(file -> !file.matches(".*\\.(png|jpg|gif|ico|woff2?|jar|gz|zip|pdf|bin)"));
  }

  static String read(String file) {
    try {
      return Files.readString(ROOT.resolve(file));
    } catch (MalformedInputException e) {
      return "";
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  static List<String> lines(String file) {
    return read(file).lines().toList();
  }

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("mvnw"))) {
      folder = folder.getParent();
    }
    return folder;
  }

  private static List<String> list() {
    try {
      Process git =
          new ProcessBuilder("git", "ls-files", "-co", "--exclude-standard")
              .directory(ROOT.toFile())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      try (var lines = git.inputReader()) {
        return lines.lines().filter(file -> Files.isRegularFile(ROOT.resolve(file))).toList();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list the files of " + ROOT, e);
    }
  }
}
