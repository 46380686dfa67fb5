package dev.warren.daemon.process;

import dev.warren.daemon.os.Libc;
import dev.warren.protocol.daemon.ErrorLines;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// What a command wrote. The file only grows; of a long one the middle is a hole, punched while it
/// grows, which also spares the disk the writing of it.
final class OutputFile {
  /// Bytes of the head, and of the tail, that an answer carries.
  static final int EXCERPT_BYTES = 16 * 1024;

  /// Bytes kept on the disk at either end.
  static final long KEPT_BYTES = 4L * 1024 * 1024;

  /// Bytes between two punches.
  private static final long PUNCH_STEP_BYTES = 1024 * 1024;

  private static final int BLOCK_BYTES = 4096;

  /// Bytes of error-looking lines that an answer carries.
  private static final int NOTABLE_BYTES_MAX = 4 * 1024;

  private final Path file;
  private volatile long punchedTo = KEPT_BYTES;
  private volatile boolean holesWork = true;

  OutputFile(Path file) {
    this.file = file;
  }

  Path file() {
    return file;
  }

  long size() {
    try {
      return Files.size(file);
    } catch (IOException gone) {
      return 0;
    }
  }

  /// Frees the middle when it has grown enough.
  void trim() {
    long to = (size() - KEPT_BYTES) / BLOCK_BYTES * BLOCK_BYTES;
    if (holesWork && to - punchedTo >= PUNCH_STEP_BYTES) {
      holesWork = Libc.punchHole(file.toString(), punchedTo, to - punchedTo);
      punchedTo = to;
    }
  }

  /// Head and tail as text.
  record Excerpt(String head, long omittedBytes, String tail, List<String> notable) {}

  /// @param ended whether nothing is written any more: then the omitted part is searched for errors
  Excerpt excerpt(boolean ended) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      byte[] head = read(channel, 0, (int) Math.min(size, EXCERPT_BYTES));
      int headEnd = head.length < size || !ended ? wholeCharacters(head) : head.length;
      long tailStart = Math.max(headEnd, size - EXCERPT_BYTES);
      byte[] tail = read(channel, tailStart, (int) (size - tailStart));
      int skipped = tailStart > headEnd ? continuationBytes(tail) : 0;
      int tailEnd = ended ? tail.length : wholeCharacters(tail);
      long omitted = tailStart + skipped - headEnd;
      return new Excerpt(
          text(head, 0, headEnd),
          omitted,
          text(tail, skipped, Math.max(skipped, tailEnd)),
          ended && omitted > 0 ? notable(channel, headEnd, tailStart + skipped) : List.of());
    }
  }

  private static List<String> notable(FileChannel channel, long from, long to) throws IOException {
    long size = channel.size();
    List<String> lines = new ArrayList<>();
    int budget = NOTABLE_BYTES_MAX;
    StringBuilder line = new StringBuilder();
    for (long at = from; at < to; ) {
      // The hole holds nothing: go on behind it.
      if (at >= KEPT_BYTES && at < size - KEPT_BYTES - BLOCK_BYTES) {
        at = size - KEPT_BYTES - BLOCK_BYTES;
        line.setLength(0);
      }
      byte[] block = read(channel, at, (int) Math.min(64 * 1024, to - at));
      if (block.length == 0) {
        break;
      }
      at += block.length;
      for (byte b : block) {
        if (b != '\n') {
          if (line.length() < ErrorLines.LINE_CHARS_MAX) {
            line.append((char) (b & 0xff));
          }
          continue;
        }
        if (ErrorLines.looksLikeError(line)) {
          String found =
              text(line.toString().getBytes(StandardCharsets.ISO_8859_1), 0, line.length());
          budget -= found.length() + 1;
          if (budget < 0) {
            return lines;
          }
          lines.add(found);
        }
        line.setLength(0);
      }
    }
    return lines;
  }

  private static byte[] read(FileChannel channel, long offset, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, offset + bytes.position()) < 0) {
        break;
      }
    }
    return java.util.Arrays.copyOf(bytes.array(), bytes.position());
  }

  /// The text of UTF-8 bytes; what is none, and NUL, becomes U+FFFD.
  private static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8).replace('\0', '\ufffd');
  }

  /// How many leading bytes end with a whole character.
  private static int wholeCharacters(byte[] bytes) {
    for (int back = 1; back <= Math.min(4, bytes.length); back++) {
      int b = bytes[bytes.length - back] & 0xff;
      if (b >= 0xc0) {
        int needed = b >= 0xf0 ? 4 : b >= 0xe0 ? 3 : 2;
        return needed > back ? bytes.length - back : bytes.length;
      }
      if (b < 0x80) {
        break;
      }
    }
    return bytes.length;
  }

  private static int continuationBytes(byte[] bytes) {
    int n = 0;
    while (n < Math.min(3, bytes.length) && (bytes[n] & 0xc0) == 0x80) {
      n++;
    }
    return n;
  }
}
