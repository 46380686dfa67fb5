package dev.warren.e2e.hygiene;

import static org.assertj.core.api.Assertions.assertThat;

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

  private static boolean isDescribed(String packageInfo) {
    if (Repository.files().noneMatch(packageInfo::equals)) {
      return false;
    }
    String text = Repository.read(packageInfo);
    return text.startsWith("///")
        && Pattern.compile("^@NullMarked$", Pattern.MULTILINE).matcher(text).find();
  }
}
