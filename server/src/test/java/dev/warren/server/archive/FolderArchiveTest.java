package dev.warren.server.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FolderArchiveTest {
  @TempDir Path folder;

  @Test
  void readsWhatTarWritesInEachOfItsFormats() throws Exception {
    String longName = "a-folder-with-a-rather-long-name/".repeat(5) + "file.txt";
    Path file = folder.resolve("in").resolve(longName);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "content");
    Files.writeString(folder.resolve("in/README.md"), "# Read me");
    for (String format : List.of("gnu", "pax", "ustar")) {
      byte[] archive =
          tar("--format=" + format, "-C", folder.resolve("in").toString(), "-cf", "-", ".");

      var files = FolderArchive.read(archive);

      assertThat(files).as(format).containsOnlyKeys("README.md", longName);
      assertThat(new String(files.get(longName), UTF_8)).isEqualTo("content");
      assertThat(FolderArchive.read(gzip(archive))).containsOnlyKeys("README.md", longName);
    }
  }

  @Test
  void readsZip() throws Exception {
    byte[] archive = zip("sub/one.txt", "1".getBytes(UTF_8));

    assertThat(FolderArchive.read(archive)).containsOnlyKeys("sub/one.txt");
  }

  @Test
  void refusesPathsThatLeaveTheFolder() throws Exception {
    for (String path : List.of("../evil", "a/../../evil", "/etc/evil", "a\\..\\evil")) {
      byte[] archive = zip(path, new byte[1]);
      assertThatThrownBy(() -> FolderArchive.read(archive))
          .as(path)
          .isInstanceOf(ArchiveException.class);
    }
  }

  @Test
  void refusesLinks() throws Exception {
    Files.createDirectories(folder.resolve("in"));
    Files.createSymbolicLink(folder.resolve("in/link"), Path.of("/etc/passwd"));
    byte[] archive = tar("-C", folder.resolve("in").toString(), "-cf", "-", ".");

    assertThatThrownBy(() -> FolderArchive.read(archive)).hasMessageContaining("link");
  }

  @Test
  void refusesWhatUnpacksToTooMuch() throws Exception {
    byte[] zeros = new byte[FolderArchive.FILES_BYTES_MAX + 1];
    byte[] archive = zip("zeros", zeros);
    assertThat(archive.length).isLessThan(100_000);

    assertThatThrownBy(() -> FolderArchive.read(archive)).hasMessageContaining("more than");
  }

  @Test
  void refusesManyEntries() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (int i = 0; i <= FolderArchive.ENTRIES_MAX; i++) {
        zip.putNextEntry(new ZipEntry("file" + i));
      }
    }

    assertThatThrownBy(() -> FolderArchive.read(bytes.toByteArray()))
        .hasMessageContaining("entries");
  }

  @Test
  void refusesWhatIsNoArchive() {
    assertThatThrownBy(() -> FolderArchive.read("no archive at all".repeat(100).getBytes(UTF_8)))
        .isInstanceOf(ArchiveException.class);
    assertThatThrownBy(() -> FolderArchive.read(new byte[0])).isInstanceOf(ArchiveException.class);
  }

  @Test
  void anArchiveThatWasCutIsRefusedWhereverItWasCut() throws Exception {
    Files.createDirectories(folder.resolve("in"));
    Files.writeString(folder.resolve("in/file"), "x".repeat(2000));
    byte[] archive = tar("-C", folder.resolve("in").toString(), "-cf", "-", "file");
    for (int length : List.of(100, 511, 513, 1000, 2000)) {
      byte[] cut = java.util.Arrays.copyOf(archive, length);
      assertThatThrownBy(() -> FolderArchive.read(cut))
          .as("cut at " + length)
          .isInstanceOf(IOException.class);
    }
  }

  private static byte[] tar(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("tar"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).start();
    byte[] archive = process.getInputStream().readAllBytes();
    assertThat(process.waitFor()).isZero();
    return archive;
  }

  private static byte[] zip(String path, byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry(path));
      zip.write(content);
    }
    return bytes.toByteArray();
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(plain);
    }
    return bytes.toByteArray();
  }
}
