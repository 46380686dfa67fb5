package dev.warren.server.http.app;

import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A port of a workspace, as the first label of a host name: `8080-` and the workspace's id without
/// dashes.
public record AppAddress(UUID workspace, int port) {
  private static final int PORT_MAX = 65_535;
  private static final Pattern LABEL = Pattern.compile("([1-9][0-9]{0,4})-([0-9a-f]{32})");

  public static Optional<AppAddress> parse(String label) {
    Matcher parts = LABEL.matcher(label.toLowerCase(Locale.ROOT));
    if (!parts.matches() || Integer.parseInt(parts.group(1)) > PORT_MAX) {
      return Optional.empty();
    }
    String hex = parts.group(2);
    UUID workspace =
        new UUID(
            Long.parseUnsignedLong(hex.substring(0, 16), 16),
            Long.parseUnsignedLong(hex.substring(16), 16));
    return Optional.of(new AppAddress(workspace, Integer.parseInt(parts.group(1))));
  }

  public String label() {
    return port + "-" + workspace.toString().replace("-", "");
  }
}
