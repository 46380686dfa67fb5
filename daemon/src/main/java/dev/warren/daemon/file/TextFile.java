package dev.warren.daemon.file;

import dev.warren.daemon.DaemonException;
import dev.warren.daemon.store.InputHash;
import dev.warren.protocol.daemon.DaemonProblems;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A text file in memory.
///
/// @param target where it really lies, behind symbolic links
/// @param text without the byte order mark; see [LosslessText]
@SuppressWarnings("ArrayRecordComponent") // the bytes are never compared or changed
record TextFile(Path target, byte[] bytes, boolean byteOrderMark, String text, String sha256) {
  /// Larger files are not read as text.
  static final int BYTES_MAX = 1024 * 1024;

  static TextFile read(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      throw new DaemonException(
          400, "about:blank", "Not a file", path + " is a folder; list it instead");
    }
    if (!Files.exists(path)) {
      throw DaemonException.notFound("there is no file " + path);
    }
    if (!Files.isRegularFile(path)) {
      throw new DaemonException(
          400, "about:blank", "Not a file", path + " is a device, pipe or socket");
    }
    byte[] bytes;
    try (InputStream in = Files.newInputStream(path)) {
      bytes = in.readNBytes(BYTES_MAX + 1);
    }
    if (bytes.length > BYTES_MAX) {
      throw new DaemonException(
          413,
          DaemonProblems.TOO_LARGE,
          "File too large",
          "%s has %,d bytes; text is read up to 1 MiB. Use a command, such as sed -n, grep or tail"
              .formatted(path, Files.size(path)));
    }
    for (byte b : bytes) {
      if (b == 0) {
        throw new DaemonException(
            415,
            DaemonProblems.BINARY,
            "Not text",
            path + " is binary (it holds NUL bytes); use a command, such as file or xxd");
      }
    }
    boolean mark =
        bytes.length >= 3
            && bytes[0] == (byte) 0xef
            && bytes[1] == (byte) 0xbb
            && bytes[2] == (byte) 0xbf;
    String text = LosslessText.decode(bytes);
    return new TextFile(
        path.toRealPath(), bytes, mark, mark ? text.substring(1) : text, InputHash.of(bytes));
  }

  byte[] encode(String newText) {
    return LosslessText.encode(byteOrderMark ? "\ufeff" + newText : newText);
  }

  /// The lines without their ends, clean.
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    int from = 0;
    while (from < text.length()) {
      int end = text.indexOf('\n', from);
      int next = end < 0 ? text.length() : end + 1;
      int stop = end < 0 ? text.length() : end;
      if (end > from && text.charAt(end - 1) == '\r') {
        stop--;
      }
      lines.add(LosslessText.clean(text.substring(from, stop)));
      from = next;
    }
    return lines;
  }
}
