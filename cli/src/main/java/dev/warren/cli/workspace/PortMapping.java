package dev.warren.cli.workspace;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A local port that leads to one of a workspace.
///
/// @param local 0 for any that is free
record PortMapping(String bind, int local, int remote) {
  private static final int PORT_MAX = 65_535;

  /// Most ports of one range.
  private static final int RANGE_MAX = 1_000;

  private static final Pattern RULE =
      Pattern.compile(
          "(?:(?:(\\[[0-9a-fA-F:]+]|[\\w.-]+):)?(\\d{1,5})(?:-(\\d{1,5}))?:)?(\\d{1,5})(?:-(\\d{1,5}))?");

  /// Reads `[[ADDRESS:]LOCAL:]REMOTE`, where both may be ranges `FROM-TO` of the same length.
  ///
  /// @throws IllegalArgumentException saying what is wrong
  static List<PortMapping> parse(String rule) {
    Matcher matched = RULE.matcher(rule);
    if (!matched.matches()) {
      throw new IllegalArgumentException(
          "'%s' is no forwarding: it looks like 8080, 9000:8080 or 9000-9010:8080-8090"
              .formatted(rule));
    }
    String bind =
        matched.group(1) == null ? "127.0.0.1" : matched.group(1).replaceAll("[\\[\\]]", "");
    int remote = port(rule, matched.group(4), 1);
    int remoteEnd = matched.group(5) == null ? remote : port(rule, matched.group(5), 1);
    int local = matched.group(2) == null ? remote : port(rule, matched.group(2), 0);
    int localEnd =
        matched.group(3) != null
            ? port(rule, matched.group(3), 1)
            : matched.group(2) == null ? remoteEnd : local;
    int count = remoteEnd - remote + 1;
    if (count < 1 || count > RANGE_MAX) {
      throw new IllegalArgumentException(
          "'%s': a range goes upwards and has at most %d ports".formatted(rule, RANGE_MAX));
    }
    if (localEnd - local + 1 != count) {
      throw new IllegalArgumentException(
          "'%s': both ranges must have the same number of ports".formatted(rule));
    }
    List<PortMapping> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(new PortMapping(bind, local + i, remote + i));
    }
    return all;
  }

  private static int port(String rule, String digits, int min) {
    int port = Integer.parseInt(digits);
    if (port < min || port > PORT_MAX) {
      throw new IllegalArgumentException(
          "'%s': %d is no port; ports are 1 to %d".formatted(rule, port, PORT_MAX));
    }
    return port;
  }
}
