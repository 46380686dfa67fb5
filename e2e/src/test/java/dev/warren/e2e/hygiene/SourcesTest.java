package dev.warren.e2e.hygiene;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class SourcesTest {
  @Test
  void everyPackageSaysWhatItIsAndIsNullMarked() {
    Stream<String> packages =
        Repository.files(".java")
            .filter(file -> file.contains("/src/main/java/"))
            .map(file -> file.substring(0, file.lastIndexOf('/')))
            .distinct();
    assertThat(packages.filter(folder -> !isDescribed(folder + "/package-info.java")))
        .as("packages without a null-marked package-info.java with a comment")
        .isEmpty();
  }

  @Test
  void migrationsAreNumberedOnceAndNamedByWhatTheyDo() {
    var files =
        Repository.files()
            .filter(file -> file.contains("/src/main/resources/db/migration/"))
            .map(file -> file.substring(file.lastIndexOf('/') + 1))
            .toList();
    assertThat(files).allMatch(name -> name.matches("V\\d{4}__[a-z][a-z0-9_]+\\.sql"));
    assertThat(
            files.stream()
                .collect(
                    Collectors.groupingBy(name -> name.substring(0, 5), Collectors.counting())))
        .as("number of each migration")
        .allSatisfy((number, count) -> assertThat(count).as(number).isEqualTo(1L));
  }

  @Test
  void everyToolHasTheDescriptionThatTheModelReads() {
    var descriptions =
        Repository.files(".md")
            .filter(file -> file.startsWith("server/src/main/") && file.contains("/server/tool/"))
            .collect(
                Collectors.toMap(
                    file -> file.substring(file.lastIndexOf('/') + 1, file.length() - 3),
                    Function.identity()));
    assertThat(descriptions)
        .containsKeys(
            "read_file",
            "write_file",
            "edit_files",
            "execute",
            "process_output",
            "process_list",
            "process_signal",
            "list_templates",
            "read_template",
            "create_workspace",
            "start_workspace",
            "stop_workspace");
    assertThat(descriptions.values())
        .allSatisfy(file -> assertThat(Repository.read(file)).as(file).hasSizeGreaterThan(40));
  }

  private static boolean isDescribed(String packageInfo) {
    if (Repository.files().noneMatch(packageInfo::equals)) {
      return false;
    }
    String text = Repository.read(packageInfo);
    return text.startsWith("///")
        && Pattern.compile("^@NullMarked$", Pattern.MULTILINE).matcher(text).find();
  }
}
