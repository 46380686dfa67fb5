package dev.warren.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The table of models is committed, so that a build needs no network for it and a change of a
/// price shows in review; here it is made anew from its source, so that nobody edits it by hand.
class CatalogueSourceTest {
  private static final int DEADLINE_S = 120;

  @Test
  void theCommittedTableIsWhatItsSourceGives(@TempDir Path folder) throws Exception {
    Path output = folder.resolve("output");
    int status = check(output);
    String said = Files.exists(output) ? Files.readString(output, StandardCharsets.UTF_8) : "";
    assumeTrue(
        said.contains(" models"),
        "npm cannot fetch the catalogue's source here; with npm and its registry this test runs");
    assertThat(status).as(said).isZero();
  }

  private static int check(Path output) throws InterruptedException {
    try {
      Process node =
          new ProcessBuilder("node", "catalogue/update.mjs", "--check")
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!node.waitFor(DEADLINE_S, TimeUnit.SECONDS)) {
        node.destroyForcibly();
        return -1;
      }
      return node.exitValue();
    } catch (IOException e) {
      return -1;
    }
  }
}
