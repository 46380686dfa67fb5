package dev.warren.cli.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TemplateFolderTest {
  @TempDir private Path folder;

  @Test
  void whatIsPackedIsUnpackedAgainWithoutWhatStaysHere() throws IOException {
    write("from/warren.json", "{}");
    write("from/deep/er/main.tf", "x");
    write("from/.git/HEAD", "ref");

    byte[] zip = new TemplateFolder(folder.resolve("from")).zip();
    int files = new TemplateFolder(folder.resolve("to")).unpack(zip);

    assertThat(files).isEqualTo(2);
    assertThat(folder.resolve("to/deep/er/main.tf")).hasContent("x");
    assertThat(folder.resolve("to/.git")).doesNotExist();
    assertThat(new TemplateFolder(folder.resolve("from")).zip()).isEqualTo(zip);
  }

  @Test
  void nothingIsOverwritten() throws IOException {
    write("from/warren.json", "{}");
    write("to/mine", "kept");
    byte[] zip = new TemplateFolder(folder.resolve("from")).zip();

    TemplateFolder taken = new TemplateFolder(folder.resolve("to"));
    assertThatThrownBy(() -> taken.unpack(zip)).hasMessageContaining("not an empty folder");
    assertThat(folder.resolve("to/mine")).hasContent("kept");
  }

  @Test
  void aPathThatLeavesTheFolderIsRefused() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("../outside"));
      zip.write("x".getBytes(UTF_8));
    }
    TemplateFolder target = new TemplateFolder(folder.resolve("to"));
    assertThatThrownBy(() -> target.unpack(bytes.toByteArray()))
        .hasMessageContaining("leaves the folder");
    assertThat(folder.resolve("outside")).doesNotExist();
  }

  @Test
  void linksAndMissingFoldersAreRefused() throws IOException {
    write("from/warren.json", "{}");
    Files.createSymbolicLink(folder.resolve("from/link"), Path.of("/etc/passwd"));
    TemplateFolder linked = new TemplateFolder(folder.resolve("from"));
    assertThatThrownBy(linked::zip).hasMessageContaining("link");
    TemplateFolder missing = new TemplateFolder(folder.resolve("none"));
    assertThatThrownBy(missing::zip).hasMessageContaining("a template is a folder");
  }

  private void write(String path, String text) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
