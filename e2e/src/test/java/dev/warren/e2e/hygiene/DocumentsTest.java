package dev.warren.e2e.hygiene;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class DocumentsTest {
  private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:|#|mailto:)([^)#]+)");

  /// A constant of the server's settings, whose variable has the same name.
  private static final Pattern SETTING = Pattern.compile("(?m)^  ([A-Z_]+)\\(");

  private static final Pattern VARIABLE = Pattern.compile("\\b(WARREN_[A-Z_]+)");

  /// A variable where it is read, in Java or in a shell.
  private static final Pattern VARIABLE_READ =
      Pattern.compile("(?:\\$\\{|getenv\\(\"|environment, \")(WARREN_[A-Z_]+)");

  private static final Predicate<String> IS_PROGRAM =
      file -> file.equals("warren") || file.contains("/src/main/");

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

  @Test
  void theSettingsThatTheProgramsReadAreThoseThatAreDocumented() {
    Set<String> settings =
        found(SETTING, Stream.of("server/src/main/java/dev/warren/server/Setting.java"));
    Set<String> documented = found(VARIABLE, Stream.of("docs/settings.md"));
    Set<String> read = new TreeSet<>(found(VARIABLE_READ, Repository.files().filter(IS_PROGRAM)));
    Set<String> named = new TreeSet<>(found(VARIABLE, Repository.files(".java", "warren", ".sh")));
    settings.forEach(setting -> {
      read.add("WARREN_" + setting);
      named.add("WARREN_" + setting);
    });
    assertThat(settings).contains("ADDRESS", "POSTGRES_URL");
    assertThat(documented).containsAll(read);
    assertThat(named).containsAll(documented);
  }

  private static Set<String> found(Pattern what, Stream<String> files) {
    return files
        .flatMap(file -> what.matcher(Repository.read(file)).results())
        .map(found -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
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
