package dev.warren.server.workspace;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.warren.server.http.Access;
import dev.warren.server.http.Problems;
import dev.warren.server.http.Request;
import dev.warren.server.http.Response;
import dev.warren.server.http.Route;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `/daemon/…`: what a workspace's first command fetches; `/cli/…`: what developers use. Open to
/// everybody; there is no secret in it.
final class DaemonRoutes {
  /// `PLATFORM.tar.gz` or `.tar.xz`, or the sum of one.
  private static final Pattern FILE = Pattern.compile("(.+)(\\.tar\\.(gz|xz))(\\.sha256)?");

  private final DaemonBundles daemons;
  private final DaemonBundles commandLines;
  private final Downloads downloads = new Downloads();
  private final byte[] installer;

  DaemonRoutes(DaemonBundles daemons, DaemonBundles commandLines) {
    this.daemons = daemons;
    this.commandLines = commandLines;
    this.installer = installer();
  }

  List<Route> routes() {
    return List.of(
        Route.get("/daemon/{file}", Access.OPEN, this::daemon)
            .answers(200)
            .summary(
                "The daemon's bundle `OS-ARCH.tar.gz` or `.tar.xz`, the sum of either"
                    + " (`.sha256`), or `install.sh`"),
        Route.get(
                "/cli/{file}",
                Access.OPEN,
                request -> bundle(request, commandLines, "command line", "cli"))
            .answers(200)
            .summary("The command line with its runtime: `OS-ARCH.tar.gz`, or its sum"));
  }

  private Response daemon(Request request) throws IOException {
    return request.path("file").equals("install.sh")
        ? Response.bytes("text/x-shellscript; charset=utf-8", installer)
            .with("Cache-Control", "no-cache")
        : bundle(request, daemons, "daemon", "daemon");
  }

  private Response bundle(Request request, DaemonBundles bundles, String what, String folder)
      throws IOException {
    Matcher file = FILE.matcher(request.path("file"));
    if (!file.matches()) {
      throw Problems.notFound("there is linux-amd64.tar.gz and linux-arm64.tar.gz");
    }
    String suffix = file.group(2);
    Path bundle =
        bundles
            .find(file.group(1), suffix)
            .orElseThrow(() -> missing(file.group(1), suffix, what, folder));
    if (file.group(4) == null) {
      String type = suffix.endsWith("gz") ? "application/gzip" : "application/x-xz";
      return downloads.serve(request, bundle, type);
    }
    String sum = "%s  %s%n".formatted(downloads.sum(bundle), bundle.getFileName());
    return Response.bytes("text/plain; charset=utf-8", sum.getBytes(UTF_8))
        .with("Cache-Control", "no-cache");
  }

  private static RuntimeException missing(
      String platform, String suffix, String what, String folder) {
    String name = DaemonBundles.canonical(platform).replaceAll("[^\\x20-\\x7e]", "?") + suffix;
    return Problems.notFound(
        ("this control plane has no %s called %s: put the bundle of that name (linux-amd64 or"
                + " linux-arm64) into the folder `%s` of the installation; `./warren bundle arm64`"
                + " makes the ones for arm64")
            .formatted(what, name, folder));
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
