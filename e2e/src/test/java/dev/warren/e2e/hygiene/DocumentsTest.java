package dev.warren.e2e.hygiene;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class DocumentsTest {
  private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:|#|mailto:)([^)#]+)");

  private static final Pattern COMMAND = Pattern.compile("\\./warren ([a-z-]+)");

  @Test
  void theReadmeIsShort() {
    assertThat(Repository.lines("README.md")).hasSizeLessThan(150);
  }

  @Test
  void linksLeadSomewhere() {
    Stream<String> dead =
        Repository.files(".md")
            .flatMap(file ->
                LINK.matcher(Repository.read(file))
                    .results()
                    .map(link -> link.group(1))
                    .filter(link -> !Files.exists(target(file, link)))
                    .map(link -> file + " -> " + link));
    assertThat(dead).isEmpty();
  }

  @Test
  void documentedCommandsExist() {
    List<String> launcher = Repository.lines("warren");
    Stream<String> unknown =
        Repository.files(".md")
            .flatMap(file ->
                COMMAND
                    .matcher(Repository.read(file))
                    .results()
                    .map(found -> found.group(1))
                    .distinct()
                    .filter(command -> !isListed(launcher, command))
                    .map(command -> file + ": ./warren " + command));
    assertThat(unknown).isEmpty();
  }

  private static boolean isListed(List<String> launcher, String command) {
    Pattern word = Pattern.compile("^  .*\\b" + Pattern.quote(command) + "\\b");
    return launcher.stream()
        .dropWhile(line -> !line.startsWith("Usage: "))
        .takeWhile(line -> !line.equals("END"))
        .anyMatch(line -> word.matcher(line).find());
  }

  private static Path target(String file, String link) {
    Path folder =
        Optional.ofNullable(Repository.ROOT.resolve(file).getParent()).orElse(Repository.ROOT);
    return folder.resolve(link);
  }
}
