package dev.warren.daemon.file;

import dev.warren.daemon.DaemonException;
import dev.warren.daemon.http.Response;
import dev.warren.protocol.daemon.FileLines;
import dev.warren.protocol.daemon.FileListing;
import dev.warren.protocol.daemon.FileStat;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Reads files and folders.
public final class FileReading {
  /// Entries of a folder that are listed.
  static final int ENTRIES_MAX = 5_000;

  /// Lines in one answer, when the caller sets no limit.
  private static final int LINES_DEFAULT = 2_000;

  private static final Pattern RANGE = Pattern.compile("bytes=([0-9]{1,18})?-([0-9]{1,18})?");

  public FileLines lines(Path path, int offset, Optional<Integer> limit) throws IOException {
    TextFile file = TextFile.read(path);
    List<String> all = file.lines();
    int from = Math.min(offset - 1, all.size());
    int to = (int) Math.min(all.size(), (long) from + limit.orElse(LINES_DEFAULT));
    return new FileLines(
        path.toString(),
        offset,
        all.subList(from, to),
        all.size(),
        file.bytes().length,
        file.sha256());
  }

  /// The bytes of a regular file, or a range of them.
  public Response bytes(Path path, Optional<String> range) throws IOException {
    if (!Files.exists(path)) {
      throw DaemonException.notFound("there is no file " + path);
    }
    if (!Files.isRegularFile(path)) {
      throw new DaemonException(400, "about:blank", "Not a file", path + " is no regular file");
    }
    long size = Files.size(path);
    Map<String, String> headers = new TreeMap<>();
    headers.put("Content-Type", "application/octet-stream");
    headers.put("Accept-Ranges", "bytes");
    if (range.isEmpty()) {
      return new Response.Bytes(200, headers, size, out -> copy(path, 0, size, out));
    }
    Matcher matcher = RANGE.matcher(range.get());
    if (!matcher.matches() || (matcher.group(1) == null && matcher.group(2) == null)) {
      throw DaemonException.badInput("Range", "one range, such as bytes=0-1023");
    }
    long from;
    long end = size;
    if (matcher.group(1) == null) {
      from = Math.max(0, size - Long.parseLong(matcher.group(2)));
    } else {
      from = Long.parseLong(matcher.group(1));
      if (matcher.group(2) != null) {
        end = Math.min(size, Long.parseLong(matcher.group(2)) + 1);
      }
    }
    if (from >= end) {
      throw new DaemonException(
          416,
          "about:blank",
          "Range not satisfiable",
          "%s has %d bytes; asked for %s".formatted(path, size, range.get()));
    }
    headers.put("Content-Range", "bytes %d-%d/%d".formatted(from, end - 1, size));
    long start = from;
    long length = end - from;
    return new Response.Bytes(206, headers, length, out -> copy(path, start, length, out));
  }

  private static void copy(Path path, long from, long length, OutputStream out) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
      long at = from;
      while (at < from + length) {
        buffer.clear().limit((int) Math.min(buffer.capacity(), from + length - at));
        int n = file.read(buffer, at);
        if (n < 0) {
          throw new EOFException(path + " shrank while it was read");
        }
        out.write(buffer.array(), 0, n);
        at += n;
      }
    }
  }

  public FileListing list(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw DaemonException.notFound("there is no folder " + path);
    }
    if (!Files.isDirectory(path)) {
      throw new DaemonException(400, "about:blank", "Not a folder", path + " is a file");
    }
    try (Stream<Path> entries = Files.list(path)) {
      List<Path> some = entries.sorted().limit(ENTRIES_MAX + 1L).toList();
      List<FileStat> stats =
          some.stream().limit(ENTRIES_MAX).flatMap(entry -> statIfThere(entry).stream()).toList();
      return new FileListing(path.toString(), stats, some.size() > ENTRIES_MAX);
    }
  }

  private Optional<FileStat> statIfThere(Path path) {
    try {
      return Optional.of(stat(path));
    } catch (IOException | DaemonException gone) {
      return Optional.empty();
    }
  }

  public FileStat stat(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      throw DaemonException.notFound("there is no " + path);
    }
    PosixFileAttributes attributes =
        Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    FileStat.Kind kind =
        attributes.isSymbolicLink()
            ? FileStat.Kind.SYMLINK
            : attributes.isDirectory()
                ? FileStat.Kind.DIRECTORY
                : attributes.isRegularFile() ? FileStat.Kind.FILE : FileStat.Kind.OTHER;
    int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 0xfff;
    return new FileStat(
        LosslessText.clean(path.toString()),
        kind,
        attributes.size(),
        "%04o".formatted(mode),
        attributes.lastModifiedTime().toInstant(),
        attributes.isSymbolicLink()
            ? Optional.of(LosslessText.clean(Files.readSymbolicLink(path).toString()))
            : Optional.empty());
  }
}
