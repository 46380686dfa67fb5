package dev.warren.server.db;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// Reads the tar archives that PostgreSQL's binaries come in: files, folders and symbolic links
/// with names of up to 256 bytes. Entries that would leave the target folder are refused.
final class Tar {
  private static final int BLOCK_BYTES = 512;

  private Tar() {}

  /// Unpacks all of `in` below `target`.
  static void unpack(InputStream in, Path target) throws IOException {
    byte[] header = new byte[BLOCK_BYTES];
    while (in.readNBytes(header, 0, BLOCK_BYTES) == BLOCK_BYTES && header[0] != 0) {
      String prefix = text(header, 345, 155);
      String name = text(header, 0, 100);
      Path path = target.resolve(prefix.isEmpty() ? name : prefix + "/" + name).normalize();
      if (!path.startsWith(target)) {
        throw new IOException("the archive names a file outside of its folder: " + name);
      }
      long size = Long.parseLong(text(header, 124, 12).strip(), 8);
      int mode = Integer.parseInt(text(header, 100, 8).strip(), 8);
      switch (header[156]) {
        case '5' -> Files.createDirectories(path);
        case '2' -> link(path, text(header, 157, 100), target);
        case '0', 0 -> {
          file(in, path, size);
          Files.setPosixFilePermissions(
              path,
              PosixFilePermissions.fromString((mode & 0100) == 0 ? "rw-r--r--" : "rwxr-xr-x"));
        }
        default -> throw new IOException("an entry of unknown type: " + name);
      }
      in.skipNBytes((BLOCK_BYTES - (size % BLOCK_BYTES)) % BLOCK_BYTES);
    }
  }

  private static void link(Path path, String to, Path target) throws IOException {
    Path parent = Files.createDirectories(path.resolveSibling("."));
    if (!parent.resolve(to).normalize().startsWith(target)) {
      throw new IOException("the archive links outside of its folder: " + path + " to " + to);
    }
    Files.deleteIfExists(path);
    Files.createSymbolicLink(path, Path.of(to));
  }

  private static void file(InputStream in, Path path, long size) throws IOException {
    Files.createDirectories(path.resolveSibling("."));
    byte[] buffer = new byte[64 * 1024];
    try (OutputStream out = Files.newOutputStream(path)) {
      for (long left = size; left > 0; ) {
        int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (read < 0) {
          throw new EOFException("the archive ends inside of " + path);
        }
        out.write(buffer, 0, read);
        left -= read;
      }
    }
  }

  private static String text(byte[] header, int at, int length) {
    int end = at;
    while (end < at + length && header[end] != 0) {
      end++;
    }
    return new String(header, at, end - at, StandardCharsets.UTF_8);
  }
}
