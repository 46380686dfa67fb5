package dev.warren.e2e.hygiene;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class FilesTest {
  private static final int LINES_MAX = 400;

  /// A suite of cases about one thing may be longer than the thing.
  private static final int TEST_LINES_MAX = 600;

  /// This file names what it looks for.
  private static final String SELF = "e2e/src/test/java/dev/warren/e2e/hygiene/FilesTest.java";

  /// Folders at the root of a file system that any machine may have.
  private static final Set<String> STANDARD_FOLDERS =
      Set.of("bin", "etc", "home", "opt", "root", "srv", "tmp", "usr", "var", "Users");

  @Test
  void filesAreShort() {
    assertThat(
            Repository.files(".java", ".ts", ".tsx", ".sh", "warren")
                .filter(file -> Repository.lines(file).size() > linesMax(file)))
        .as("files over %d lines", LINES_MAX)
        .isEmpty();
  }

  @Test
  void nothingIsLeftForLater() {
    assertThat(matches("\\b(TODO|FIXME)\\b", Repository.textFiles())).isEmpty();
  }

  @Test
  void noTestIsSwitchedOff() {
    assertThat(matches("@Disabled\\b", Repository.files(".java"))).isEmpty();
    assertThat(
            matches("\\b(it|test|describe)\\.(skip|only|todo)\\(", Repository.files(".ts", ".tsx")))
        .isEmpty();
  }

  /// Waits have a condition and a deadline; a poll between two looks is short.
  @Test
  void noTestSleeps() {
    assertThat(
            matches(
                "Thread\\.sleep\\(|(?<!MILLI)SECONDS\\.sleep\\(|MILLISECONDS\\.sleep\\(\\d{3,}",
                Repository.files(".java").filter(file -> file.contains("/src/test/"))))
        .isEmpty();
  }

  @Test
  void noPathOfOneMachineIsWrittenDown() {
    Path first = Repository.ROOT.getName(0);
    String own =
        STANDARD_FOLDERS.contains(first.toString())
            ? Pattern.quote(Repository.ROOT + "/")
            : "(?<![\\w.~-])" + Pattern.quote("/" + first + "/");
    assertThat(matches(own + "|/Users/\\w+/|C:\\\\Users\\\\", Repository.textFiles())).isEmpty();
  }

  @Test
  void noSecretIsWrittenDown() {
    String secrets =
        String.join(
            "|",
            "sk-ant-[A-Za-z0-9_-]{24,}",
            "sk-(proj-)?[A-Za-z0-9]{32,}",
            "gh[pousr]_[A-Za-z0-9]{36}",
            "AKIA(?!IOSFODNN7EXAMPLE)[0-9A-Z]{16}",
            "AIza[0-9A-Za-z_-]{35}",
            "wrn_[A-Za-z0-9]{32,}",
            "-----BEGIN ([A-Z]+ )?PRIVATE KEY-----\\s*[A-Za-z0-9+/]{40}");
    assertThat(matches(secrets, Repository.textFiles())).isEmpty();
  }

  @Test
  void scriptsAreExecutable() {
    assertThat(
            Stream.of("warren", "mvnw", ".ci/run")
                .filter(file -> !Repository.ROOT.resolve(file).toFile().canExecute()))
        .isEmpty();
  }

  private static int linesMax(String file) {
    return file.contains("/src/test/") || file.contains(".test.") ? TEST_LINES_MAX : LINES_MAX;
  }

  private static List<String> matches(String regex, Stream<String> files) {
    Pattern pattern = Pattern.compile(regex);
    return files
        .filter(file -> !file.equals(SELF))
        .flatMap(file -> {
          List<String> lines = Repository.lines(file);
          return IntStream.range(0, lines.size())
              .filter(i -> pattern.matcher(lines.get(i)).find())
              .mapToObj(i -> file + ":" + (i + 1) + ": " + lines.get(i).strip());
        })
        .toList();
  }
}
