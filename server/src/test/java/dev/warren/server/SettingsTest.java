package dev.warren.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SettingsTest {
  @TempDir Path folder;

  private Settings read(Map<Setting, String> flags, String... environment) {
    Map<String, String> all = new java.util.HashMap<>();
    all.put("WARREN_DATA_DIR", folder.toString());
    for (int i = 0; i < environment.length; i += 2) {
      all.put(environment[i], environment[i + 1]);
    }
    return Settings.read(flags, all);
  }

  @Test
  void flagsComeBeforeTheEnvironmentAndThatBeforeTheFile() throws IOException {
    Files.writeString(
        folder.resolve("warren.properties"),
        "WARREN_ADDRESS=127.0.0.1:1\nWARREN_DIRECT=false\nWARREN_LOCAL_UNISOLATED=true\n");
    Settings settings =
        read(
            Map.of(Setting.ADDRESS, "127.0.0.1:3"),
            "WARREN_ADDRESS",
            "127.0.0.1:2",
            "WARREN_DIRECT",
            "true");
    assertThat(settings.address().getPort()).isEqualTo(3);
    assertThat(settings.direct()).isTrue();
    assertThat(settings.localUnisolated()).isTrue();
  }

  @Test
  void theDefaultsAreThoseOfTheContract() {
    Settings settings = read(Map.of());
    assertThat(settings.address().getPort()).isEqualTo(7080);
    assertThat(settings.isLoopback()).isTrue();
    assertThat(settings.accessUrl(7080)).isEqualTo(URI.create("http://127.0.0.1:7080"));
    assertThat(settings.direct()).isTrue();
    assertThat(settings.localUnisolated()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "WARREN_ADDRESS, 7080, HOST:PORT",
    "WARREN_ADDRESS, 127.0.0.1:x, HOST:PORT",
    "WARREN_ADDRESS, 127.0.0.1:70000, HOST:PORT",
    "WARREN_ACCESS_URL, warren.example.org, URL",
    "WARREN_ACCESS_URL, ftp://warren.example.org, URL",
    "WARREN_REPLICA_URL, nonsense, URL",
    "WARREN_DIRECT, yes, true or false",
    "WARREN_LOCAL_UNISOLATED, 1, true or false",
    "WARREN_LOCAL_MOUNTS, code, HOST_FOLDER:NAME",
    "WARREN_LOCAL_MOUNTS, /no/such/folder:code, folder",
  })
  void aWrongOneIsNamedWithItsValueAndWhatWouldBeRight(String name, String value, String right) {
    assertThatThrownBy(() -> read(Map.of(), name, value))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining(name)
        .hasMessageContaining(value)
        .hasMessageContaining(right)
        .message()
        .doesNotContain("\n");
  }

  @ParameterizedTest
  @CsvSource({
    "mysql://user:hidden@host/db",
    "postgresql://user:hidden@host",
    "postgresql://:hidden@host/db",
    "postgresql://user:hid den@host/db",
    "postgresql://user:hidden@host/db?nonsense=1",
  })
  void aWrongDatabaseIsNamedWithoutItsPassword(String url) {
    assertThatThrownBy(() -> read(Map.of(), "WARREN_POSTGRES_URL", url))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("WARREN_POSTGRES_URL")
        .hasMessageNotContaining("hid");
  }

  @Test
  void theFirstAdministratorIsSetAsAWhole() {
    assertThatThrownBy(() -> read(Map.of(), "WARREN_ADMIN_EMAIL", "a@b.c"))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("together");
  }

  @Test
  void anUnknownLineOfTheFileIsRefused() throws IOException {
    Files.writeString(folder.resolve("warren.properties"), "WARREN_ADRESS=127.0.0.1:1\n");
    assertThatThrownBy(() -> read(Map.of()))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("WARREN_ADRESS");
  }

  @Test
  void aFolderHasOneServer() {
    try (DataFolder first = DataFolder.take(folder)) {
      assertThat(first.path()).isEqualTo(folder);
      assertThatThrownBy(() -> DataFolder.take(folder))
          .isInstanceOf(SettingException.class)
          .hasMessageContaining(Long.toString(ProcessHandle.current().pid()));
    }
    DataFolder.take(folder).close();
  }
}
