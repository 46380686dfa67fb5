package dev.warren.server.db;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.tukaani.xz.XZInputStream;

/// PostgreSQL's programs, unpacked once from the jar that carries them for this platform.
record PostgresBinaries(Path folder) {
  /// Names the folder, so that another version unpacks beside it.
  static final String VERSION = "18.4";

  /// @param parent where the version's folder is, or is made
  /// @param progress gets a line when something takes a while
  static PostgresBinaries unpack(Path parent, Consumer<String> progress) throws IOException {
    Path folder = parent.resolve("postgres-" + VERSION);
    if (Files.isExecutable(folder.resolve("bin/postgres"))) {
      return new PostgresBinaries(folder);
    }
    String archive = "/postgres-" + platform() + ".txz";
    try (InputStream packed = PostgresBinaries.class.getResourceAsStream(archive)) {
      if (packed == null) {
        throw new IOException(
            "no embedded PostgreSQL for "
                + platform()
                + "; set WARREN_POSTGRES_URL to a PostgreSQL "
                + Database.SERVER_VERSION_MIN
                + " or newer");
      }
      progress.accept("Unpacking PostgreSQL " + VERSION + " (once)");
      Files.createDirectories(parent);
      Path unfinished = Files.createTempDirectory(parent, "unpack-");
      try (InputStream tar = new XZInputStream(new BufferedInputStream(packed))) {
        Tar.unpack(tar, unfinished);
        Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
      } catch (FileAlreadyExistsException
          | DirectoryNotEmptyException
          | AtomicMoveNotSupportedException e) {
        delete(unfinished);
      } catch (FileSystemException e) {
        delete(unfinished);
        // Another process was quicker.
        if (!Files.isExecutable(folder.resolve("bin/postgres"))) {
          throw e;
        }
      }
    }
    return new PostgresBinaries(folder);
  }

  private static String platform() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String machine = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    String name = system.startsWith("mac") ? "darwin" : system;
    return name
        + "-"
        + switch (machine) {
          case "amd64", "x86_64" -> "x86_64";
          case "aarch64" -> "arm_64";
          default -> machine;
        };
  }

  String program(String name) {
    return folder.resolve("bin").resolve(name).toString();
  }

  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> deepestFirst;
    try (Stream<Path> all = Files.walk(folder)) {
      deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : deepestFirst) {
      Files.deleteIfExists(path);
    }
  }
}
