package dev.warren.cli.admin;

import dev.warren.cli.client.Failure;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/// A template's folder on this machine, and the zip in which it travels. `.git` and `.terraform`
/// stay here; links and special files are refused, as the control plane does.
final class TemplateFolder {
  /// Most bytes of all files, as the control plane takes them.
  static final int BYTES_MAX = 20 * 1024 * 1024;

  /// The earliest time that a zip can hold: the same files then make the same zip.
  private static final LocalDateTime ZIP_EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0);

  private final Path root;

  TemplateFolder(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  /// The folder's own name.
  String name() {
    Path name = root.getFileName();
    return name == null ? "" : name.toString();
  }

  @Override
  public String toString() {
    return root.toString();
  }

  byte[] zip() {
    if (!Files.isDirectory(root)) {
      throw new Failure("no folder " + root + ": a template is a folder");
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      long left = BYTES_MAX;
      for (Path file : files()) {
        left -= Files.size(file);
        if (left < 0) {
          throw new Failure(root + " has more than " + BYTES_MAX + " bytes at " + file);
        }
        ZipEntry entry = new ZipEntry(root.relativize(file).toString().replace('\\', '/'));
        entry.setTimeLocal(ZIP_EPOCH);
        zip.putNextEntry(entry);
        Files.copy(file, zip);
      }
    } catch (IOException e) {
      throw new Failure("cannot read " + root + ": " + e.getMessage(), e);
    }
    return bytes.toByteArray();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      List<Path> files =
          all.filter(path -> !staysHere(path))
              .filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
              .sorted()
              .toList();
      for (Path file : files) {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          throw new Failure(file + " is a link or special file, which a template cannot have");
        }
      }
      if (files.isEmpty()) {
        throw new Failure(root + " has no files");
      }
      return files;
    }
  }

  private boolean staysHere(Path path) {
    for (Path part : root.relativize(path)) {
      String name = part.toString();
      if (name.equals(".git") || name.equals(".terraform")) {
        return true;
      }
    }
    return false;
  }

  /// Writes the files of a zip; nothing that is there is overwritten.
  ///
  /// @return how many
  int unpack(byte[] archive) {
    int count = 0;
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
      if (Files.exists(root) && !isEmpty(root)) {
        throw new Failure(root + " is not an empty folder: name another one");
      }
      Files.createDirectories(root);
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path file = root.resolve(entry.getName()).normalize();
        if (!file.startsWith(root) || file.equals(root)) {
          throw new Failure("the control plane sent a path that leaves the folder: " + entry);
        }
        Path parent = file.getParent();
        if (entry.isDirectory() || parent == null) {
          continue;
        }
        Files.createDirectories(parent);
        Files.copy(zip, file);
        count++;
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new Failure("cannot write " + root + ": " + e.getMessage(), e);
    }
    return count;
  }

  private static boolean isEmpty(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.findAny().isEmpty();
    }
  }
}
