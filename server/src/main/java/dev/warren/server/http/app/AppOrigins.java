package dev.warren.server.http.app;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/// `WARREN_APPS_URL`: where ports of workspaces open, such as `https://*.apps.example.com`.
///
/// @param domain what follows the label, with its dot
/// @param authority what follows the label in a URL: the domain, perhaps with a port
public record AppOrigins(String scheme, String domain, String authority) {
  /// @throws IllegalArgumentException when it is no such URL, saying what would be
  public static AppOrigins parse(String url) {
    String wrong =
        "is not a URL of the form https://*.apps.example.com, whose names all lead here: " + url;
    if (!url.matches("https?://\\*\\.[A-Za-z0-9.-]+(:[0-9]{1,5})?/?")) {
      throw new IllegalArgumentException(wrong);
    }
    URI example = URI.create(url.replace("*", "x"));
    if (example.getHost() == null) {
      throw new IllegalArgumentException(wrong);
    }
    String domain = example.getHost().substring(1).toLowerCase(Locale.ROOT);
    String port = example.getPort() < 0 ? "" : ":" + example.getPort();
    return new AppOrigins(example.getScheme(), domain, domain + port);
  }

  public String of(AppAddress app) {
    return scheme + "://" + app.label() + authority;
  }

  /// The label of a host of these; empty for any other host.
  Optional<String> label(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    if (!name.endsWith(domain) || name.length() == domain.length()) {
      return Optional.empty();
    }
    String label = name.substring(0, name.length() - domain.length());
    return label.contains(".") ? Optional.empty() : Optional.of(label);
  }

  boolean secure() {
    return scheme.equals("https");
  }
}
