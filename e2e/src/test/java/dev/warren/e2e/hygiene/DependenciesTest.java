package dev.warren.e2e.hygiene;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.protocol.Json;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class DependenciesTest {
  private static final Pattern DEPENDENCY =
      Pattern.compile(
          "<dependency>\\s*<groupId>([^<]+)</groupId>\\s*<artifactId>([^<]+)</artifactId>");

  private static final String TABLE = Repository.read("docs/dependencies.md");

  @Test
  void everyLibraryHasItsReason() {
    Stream<String> libraries =
        Repository.files("pom.xml")
            .filter(file -> !file.equals("pom.xml"))
            .flatMap(file -> DEPENDENCY.matcher(Repository.read(file)).results())
            .filter(found -> !found.group(1).equals("dev.warren"))
            .filter(found -> !listed(found.group(1) + ":*"))
            .map(found -> found.group(1) + ":" + found.group(2))
            .distinct();
    assertThat(libraries.filter(Predicate.not(DependenciesTest::listed)))
        .as("libraries without a row in docs/dependencies.md")
        .isEmpty();
  }

  @Test
  void everyNpmPackageHasItsReason() {
    Stream<String> packages =
        Repository.files("package.json")
            .map(file -> Json.STRICT.readTree(Repository.read(file)))
            .flatMap(json ->
                Stream.of("dependencies", "devDependencies")
                    .flatMap(kind -> json.path(kind).propertyNames().stream()))
            .filter(name -> !name.startsWith("@types/"));
    assertThat(packages.filter(Predicate.not(DependenciesTest::listed)))
        .as("npm packages without a row in docs/dependencies.md")
        .isEmpty();
  }

  @Test
  void versionsStandInTheRootPomOnly() {
    List<String> versions =
        Repository.files("pom.xml")
            .filter(file -> !file.equals("pom.xml"))
            .filter(file ->
                Pattern.compile("</artifactId>\\s*<version>(?!0\\.1\\.0<)")
                    .matcher(Repository.read(file))
                    .find())
            .toList();
    assertThat(versions).isEmpty();
  }

  private static boolean listed(String name) {
    return TABLE.contains("`" + name + "`");
  }
}
