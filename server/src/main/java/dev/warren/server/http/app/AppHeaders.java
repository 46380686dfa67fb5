package dev.warren.server.http.app;

import dev.warren.protocol.http.HttpHeaders;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;

/// What passes between a browser and an app. To the app the browser seems to be on the same
/// machine, since development servers refuse any other host; the app's answers stay on its own
/// origin.
final class AppHeaders {
  /// The session's cookie on the app's origin.
  static final String COOKIE = "warren_app";

  /// Belong to one connection (RFC 9110, section 7.6.1), or to the control plane.
  private static final Set<String> DROPPED =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "expect",
          "host",
          "cookie",
          "origin",
          "forwarded",
          "x-forwarded-for",
          "x-forwarded-host",
          "x-forwarded-port",
          "x-forwarded-proto",
          "x-warren-csrf");

  private static final Pattern COOKIE_DOMAIN =
      Pattern.compile(";\\s*domain\\s*=[^;]*", Pattern.CASE_INSENSITIVE);
  private static final Pattern OWN_URL =
      Pattern.compile("https?://(?:localhost|127\\.0\\.0\\.1|\\[::1])(?::([0-9]+))?(/.*|$)");

  private final String publicOrigin;
  private final int port;

  AppHeaders(String publicOrigin, int port) {
    this.publicOrigin = publicOrigin;
    this.port = port;
  }

  /// A request's headers for the app, without those about its body.
  HttpHeaders.Builder request(HttpFields fields, String remoteAddress) {
    HttpHeaders.Builder headers = new HttpHeaders.Builder();
    headers.add("Host", "localhost:" + port);
    Set<String> dropped = new HashSet<>(DROPPED);
    fields.getCSV("Connection", false).forEach(name -> dropped.add(name.toLowerCase(Locale.ROOT)));
    dropped.add("content-length");
    for (HttpField field : fields) {
      String value = field.getValue();
      if (value != null && !dropped.contains(field.getLowerCaseName())) {
        headers.add(field.getName(), value);
      }
    }
    String cookies = cookies(fields);
    if (!cookies.isEmpty()) {
      headers.add("Cookie", cookies);
    }
    String origin = fields.get("Origin");
    if (origin != null) {
      headers.add("Origin", origin.equals(publicOrigin) ? "http://localhost:" + port : origin);
    }
    headers.add("X-Forwarded-For", remoteAddress);
    headers.add("X-Forwarded-Host", publicOrigin.substring(publicOrigin.indexOf("//") + 2));
    headers.add("X-Forwarded-Proto", publicOrigin.substring(0, publicOrigin.indexOf(':')));
    return headers;
  }

  /// All cookies but the control plane's.
  private static String cookies(HttpFields fields) {
    return fields.getFields("Cookie").stream()
        .flatMap(field -> Stream.of(field.getValue().split(";")))
        .map(String::strip)
        .filter(cookie -> !cookie.isEmpty() && !isOurs(cookie))
        .collect(Collectors.joining("; "));
  }

  private static boolean isOurs(String cookie) {
    return cookie.toLowerCase(Locale.ROOT).startsWith("warren_");
  }

  /// An answer's headers for the browser.
  void response(HttpHeaders from, HttpFields.Mutable to) {
    Set<String> dropped = new HashSet<>(DROPPED);
    from.forEach((name, value) -> {
      if (name.equalsIgnoreCase("Connection")) {
        List.of(value.split(",")).forEach(part -> dropped.add(lower(part)));
      }
    });
    from.forEach((name, value) -> {
      String lower = lower(name);
      if (dropped.contains(lower)) {
        return;
      }
      switch (lower) {
        case "set-cookie" -> {
          if (!isOurs(value.strip())) {
            // For its own origin only, never for its neighbours or for us.
            to.add(name, COOKIE_DOMAIN.matcher(value).replaceAll(""));
          }
        }
        case "location", "content-location" -> to.add(name, own(value));
        default -> to.add(name, value);
      }
    });
  }

  private static String lower(String text) {
    return text.strip().toLowerCase(Locale.ROOT);
  }

  /// An address of the app itself, as the browser reaches it.
  private String own(String url) {
    Matcher parts = OWN_URL.matcher(url);
    boolean mine =
        parts.matches() && (parts.group(1) == null ? port == 80 : parts.group(1).equals("" + port));
    return mine ? publicOrigin + parts.group(2) : url;
  }
}
