package dev.warren.server.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/// The page: files of the class path's folder `dashboard/`, compressed once. A path that names no
/// file is the page's own and gets `index.html`; what is below `assets/` never changes under its
/// name.
final class StaticPage {
  private static final String FOLDER = "/dashboard/";

  /// File names that can be in the folder; anything else is not even looked up.
  private static final Pattern FILE =
      Pattern.compile("([A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*\\.[a-z0-9]+");

  private static final Pattern MACHINES =
      Pattern.compile("/(api|daemon|cli|relay|internal|metrics|healthz|readyz)(/.*)?");

  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("html", "text/html;charset=utf-8"),
          Map.entry("js", "text/javascript;charset=utf-8"),
          Map.entry("css", "text/css;charset=utf-8"),
          Map.entry("json", "application/json"),
          Map.entry("webmanifest", "application/manifest+json"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("png", "image/png"),
          Map.entry("ico", "image/x-icon"),
          Map.entry("woff2", "font/woff2"),
          Map.entry("wasm", "application/wasm"),
          Map.entry("txt", "text/plain;charset=utf-8"));

  private final Map<String, Optional<Asset>> assets = new ConcurrentHashMap<>();
  private final String policy;

  /// @param secure whether the page is reached by https
  StaticPage(boolean secure) {
    // Nothing from elsewhere, no inline code: text of models and repositories is hostile.
    policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
            + "img-src 'self' blob: data:; connect-src 'self'; manifest-src 'self'; "
            + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
            + (secure ? "; upgrade-insecure-requests" : "");
  }

  private record Asset(String type, byte[] bytes, Optional<byte[]> compressed, String tag) {}

  void serve(Request request, String path, Answers answers) {
    boolean reads = request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
    if (!reads || MACHINES.matcher(path).matches()) {
      throw Problems.notFound("there is no " + request.getMethod() + " " + path);
    }
    String name = path.equals("/") ? "index.html" : path.substring(1);
    Optional<Asset> asset = FILE.matcher(name).matches() ? asset(name) : Optional.empty();
    boolean file = asset.isPresent();
    if (!file && name.startsWith("assets/")) {
      throw Problems.notFound("there is no file " + path);
    }
    Asset found =
        asset
            .or(() -> asset("index.html"))
            .orElseThrow(
                () -> Problems.notFound("this build has no page; the API is below /api/v1"));
    send(request, found, file && name.startsWith("assets/"), answers);
  }

  private void send(Request request, Asset asset, boolean immutable, Answers answers) {
    Map<String, String> headers = new HashMap<>();
    headers.put("ETag", asset.tag());
    headers.put("Vary", "Accept-Encoding");
    headers.put("Cache-Control", immutable ? "public, max-age=31536000, immutable" : "no-cache");
    headers.put("Content-Security-Policy", policy);
    headers.put("X-Frame-Options", "DENY");
    headers.put("Cross-Origin-Opener-Policy", "same-origin");
    headers.put("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
    String known = request.getHeaders().get(HttpHeader.IF_NONE_MATCH);
    if (known != null && known.contains(asset.tag())) {
      answers.send(new Rendered(304, "", new byte[0], headers));
      return;
    }
    String accepted = request.getHeaders().get(HttpHeader.ACCEPT_ENCODING);
    if (asset.compressed().isPresent() && accepted != null && accepted.contains("gzip")) {
      headers.put("Content-Encoding", "gzip");
      answers.send(new Rendered(200, asset.type(), asset.compressed().get(), headers));
      return;
    }
    answers.send(new Rendered(200, asset.type(), asset.bytes(), headers));
  }

  /// Only what is there is remembered, so that asking for nonsense fills no memory.
  private Optional<Asset> asset(String name) {
    Optional<Asset> known = assets.get(name);
    if (known != null) {
      return known;
    }
    try (InputStream in = StaticPage.class.getResourceAsStream(FOLDER + name)) {
      if (in == null) {
        return Optional.empty();
      }
      Optional<Asset> loaded = Optional.of(load(name, in.readAllBytes()));
      assets.put(name, loaded);
      return loaded;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the page's file " + name, e);
    }
  }

  private static Asset load(String name, byte[] bytes) throws IOException {
    String type =
        TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "application/octet-stream");
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
      gzip.write(bytes);
    }
    boolean worth = compressed.size() < bytes.length * 9 / 10;
    return new Asset(
        type, bytes, worth ? Optional.of(compressed.toByteArray()) : Optional.empty(), tag(bytes));
  }

  private static String tag(byte[] bytes) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return '"' + HexFormat.of().formatHex(hash, 0, 12) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
