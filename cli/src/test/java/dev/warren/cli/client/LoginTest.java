package dev.warren.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LoginTest {
  private static final Login SAVED =
      new Login("http://one:7080", "wrn_one", Optional.of("token-id"));

  @TempDir private Path folder;
  private Map<String, String> environment = Map.of();

  @BeforeEach
  void save() {
    environment = Map.of("WARREN_CONFIG_DIR", folder.resolve("warren").toString());
    SAVED.save(environment);
  }

  @Test
  void isSavedForItsOwnerOnly() throws IOException {
    Path file = folder.resolve("warren/login.json");
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    try (var files = Files.list(file.getParent())) {
      assertThat(files).containsExactly(file);
    }
    assertThat(Login.current(environment)).isEqualTo(SAVED);
  }

  @Test
  void theEnvironmentComesFirst() {
    assertThat(Login.current(with("WARREN_URL", "https://two/", "WARREN_TOKEN", "wrn_two")))
        .isEqualTo(new Login("https://two", "wrn_two", Optional.empty()));
    assertThat(Login.current(with("WARREN_TOKEN", "wrn_two", "WARREN_URL", "")))
        .isEqualTo(new Login("http://one:7080", "wrn_two", Optional.empty()));
  }

  @Test
  void aTokenIsNeverSentToAnotherAddress() {
    assertThatThrownBy(() -> Login.current(with("WARREN_URL", "http://evil", "WARREN_TOKEN", "")))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("not signed in at http://evil");
  }

  @Test
  void forgettingIsTwiceTheSame() {
    Login.forget(environment);
    Login.forget(environment);
    assertThat(Login.saved(environment)).isEmpty();
    assertThatThrownBy(() -> Login.current(environment)).hasMessageContaining("warren login URL");
  }

  @Test
  void aUrlIsTakenAsPeopleTypeIt() {
    assertThat(Login.checkedUrl("127.0.0.1:7080")).isEqualTo("http://127.0.0.1:7080");
    assertThat(Login.checkedUrl("https://warren.example/")).isEqualTo("https://warren.example");
    for (String wrong : new String[] {"", "ftp://a", "http://", "http://a b"}) {
      assertThatThrownBy(() -> Login.checkedUrl(wrong)).isInstanceOf(Failure.class);
    }
  }

  @Test
  void theTokenIsNotPrinted() {
    assertThat(SAVED.toString()).doesNotContain("wrn_one");
  }

  private Map<String, String> with(String name, String value, String other, String otherValue) {
    return Map.of(
        "WARREN_CONFIG_DIR", environment.get("WARREN_CONFIG_DIR"), name, value, other, otherValue);
  }
}
