package dev.warren.server.workspace;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.warren.server.http.Access;
import dev.warren.server.http.Problems;
import dev.warren.server.http.Request;
import dev.warren.server.http.Response;
import dev.warren.server.http.Route;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `/daemon/…`: what a workspace's first command fetches. Open to everybody; there is no secret in
/// it.
final class DaemonRoutes {
  private static final String SUFFIX = ".tar.gz";
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d{1,18})-(\\d{0,18})");

  private final DaemonBundles bundles;
  private final byte[] installer;
  private final Map<Path, Tagged> tags = new ConcurrentHashMap<>();

  DaemonRoutes(DaemonBundles bundles) {
    this.bundles = bundles;
    this.installer = installer();
  }

  /// A file's digest, for as long as the file is the same.
  private record Tagged(long bytes, FileTime modified, String tag) {}

  List<Route> routes() {
    return List.of(
        Route.get("/daemon/{file}", Access.OPEN, this::serve)
            .answers(200)
            .summary("The daemon's bundle `OS-ARCH.tar.gz`, or `install.sh`"));
  }

  private Response serve(Request request) throws IOException {
    String file = request.path("file");
    if (file.equals("install.sh")) {
      return Response.bytes("text/x-shellscript; charset=utf-8", installer)
          .with("Cache-Control", "no-cache");
    }
    if (!file.endsWith(SUFFIX)) {
      throw Problems.notFound("there is install.sh, linux-amd64.tar.gz and linux-arm64.tar.gz");
    }
    String platform = file.substring(0, file.length() - SUFFIX.length());
    Path bundle = bundles.find(platform).orElseThrow(() -> missing(platform));
    return bundle(request, bundle);
  }

  private static RuntimeException missing(String platform) {
    String name = DaemonBundles.canonical(platform).replaceAll("[^\\x20-\\x7e]", "?") + SUFFIX;
    return Problems.notFound(
        "this control plane has no daemon called "
            + name
            + ": put the bundle of that name (linux-amd64 or linux-arm64) into the folder `daemon` of"
            + " the installation");
  }

  private Response bundle(Request request, Path bundle) throws IOException {
    long size = Files.size(bundle);
    String tag = "\"" + tag(bundle, size) + "\"";
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
                "application/gzip",
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

  private String tag(Path bundle, long size) throws IOException {
    FileTime modified = Files.getLastModifiedTime(bundle);
    Tagged known = tags.get(bundle);
    if (known == null || known.bytes() != size || !known.modified().equals(modified)) {
      known = new Tagged(size, modified, DaemonBundles.digest(bundle));
      tags.put(bundle, known);
    }
    return known.tag();
  }

  private static byte[] installer() {
    try (InputStream in = DaemonRoutes.class.getResourceAsStream("install.sh")) {
      if (in == null) {
        throw new IllegalStateException("install.sh is not on the class path");
      }
      return new String(in.readAllBytes(), UTF_8).getBytes(UTF_8);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("cannot read install.sh", e);
    }
  }
}
