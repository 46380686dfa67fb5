package dev.warren.server.workspace.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalMountTest {
  @TempDir Path given;
  private Path folder;
  private Path data;

  @BeforeEach
  void begins() throws Exception {
    folder = given.toRealPath();
    data = Files.createDirectories(folder.resolve("state/data"));
    Files.createDirectories(folder.resolve("code"));
  }

  @Test
  void foldersAreMountedByName() {
    assertThat(parse(folder.resolve("code") + ":code, " + folder.resolve("code") + ":again"))
        .containsExactly(
            new LocalMount(folder.resolve("code"), "code"),
            new LocalMount(folder.resolve("code"), "again"));
    assertThat(parse("")).isEmpty();
  }

  @Test
  void nothingThatHoldsOrLiesInOurOwnFoldersIsMounted() throws Exception {
    Files.createSymbolicLink(folder.resolve("innocent"), data);
    for (Path source : List.of(data, folder.resolve("state"), folder.resolve("innocent"))) {
      assertThatThrownBy(() -> parse(source + ":x")).hasMessageContaining("Warren's own folder");
    }
  }

  @Test
  void systemFoldersAndOddPathsAreRefused() throws Exception {
    Files.createDirectories(folder.resolve(".ssh"));
    for (String setting :
        List.of(
            "/:x",
            "/proc:x",
            "/etc/ssl:x",
            "/dev:x",
            folder.resolve(".ssh") + ":x",
            "code:x",
            folder + "/code/../code:x",
            folder.resolve("code") + ":../x",
            folder.resolve("code") + ":",
            folder.resolve("code").toString(),
            folder.resolve("missing") + ":x",
            folder.resolve("code") + ":x," + folder.resolve("code") + ":x")) {
      assertThatThrownBy(() -> parse(setting))
          .as(setting)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private List<LocalMount> parse(String setting) {
    return LocalMount.parse(setting, List.of(data));
  }
}
