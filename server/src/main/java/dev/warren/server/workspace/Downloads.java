package dev.warren.server.workspace;

import dev.warren.server.http.Request;
import dev.warren.server.http.Response;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Large files as answers: resumable, and not sent again to who has them.
final class Downloads {
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d{1,18})-(\\d{0,18})");

  private final Map<Path, Summed> sums = new ConcurrentHashMap<>();

  /// A file's sum, for as long as the file is the same.
  private record Summed(long bytes, FileTime modified, String sum) {}

  /// The whole file or a range of it; nothing when the client has it.
  Response serve(Request request, Path bundle, String type) throws IOException {
    long size = Files.size(bundle);
    String tag = "\"" + sum(bundle) + "\"";
    if (request.header("If-None-Match").filter(tag::equals).isPresent()) {
      return new Response.Empty(304, Map.of("ETag", tag));
    }
    Optional<Matcher> range =
        request
            .header("Range")
            .filter(_ -> request.header("If-Range").map(tag::equals).orElse(true))
            .map(RANGE::matcher)
            .filter(Matcher::matches);
    long from = range.map(matched -> Long.parseLong(matched.group(1))).orElse(0L);
    long to =
        range
            .map(matched -> matched.group(2))
            .filter(text -> !text.isEmpty())
            .map(text -> Math.min(Long.parseLong(text), size - 1))
            .orElse(size - 1);
    if (from > to) {
      return new Response.Empty(416, Map.of("Content-Range", "bytes */" + size));
    }
    Response answer =
        new Response.Stream(
                range.isPresent() ? 206 : 200,
                type,
                OptionalLong.of(to - from + 1),
                out -> copy(bundle, from, to - from + 1, out),
                Map.of())
            .with("ETag", tag)
            .with("Accept-Ranges", "bytes")
            .with("Cache-Control", "no-cache");
    return range.isPresent()
        ? answer.with("Content-Range", "bytes %d-%d/%d".formatted(from, to, size))
        : answer;
  }

  private static void copy(Path file, long from, long bytes, java.io.OutputStream out)
      throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      in.skipNBytes(from);
      byte[] buffer = new byte[64 * 1024];
      long left = bytes;
      while (left > 0) {
        int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (read < 0) {
          throw new IOException(file + " became shorter while it was sent");
        }
        out.write(buffer, 0, read);
        left -= read;
      }
    }
  }

  /// SHA-256 of the file, in hexadecimal digits.
  String sum(Path bundle) throws IOException {
    long size = Files.size(bundle);
    FileTime modified = Files.getLastModifiedTime(bundle);
    Summed known = sums.get(bundle);
    if (known == null || known.bytes() != size || !known.modified().equals(modified)) {
      known = new Summed(size, modified, DaemonBundles.digest(bundle));
      sums.put(bundle, known);
    }
    return known.sum();
  }
}
