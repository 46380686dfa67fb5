package dev.warren.tunnel;

import dev.warren.tunnel.path.PathSelector;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// The way that datagrams to a peer take now.
///
/// @param address the peer's, on a direct path
/// @param rtt as the path's own probes measured it, on a direct path
/// @param whyNotDirect in a few words, while there is no direct path
/// @param switches how often the way has changed
public record PathStatus(
    Kind kind,
    Optional<String> address,
    Optional<Duration> rtt,
    Optional<String> whyNotDirect,
    long switches) {
  /// How datagrams go.
  public enum Kind {
    RELAY,
    DIRECT,
    /// Both ways at once: the direct path has been silent for too long to be trusted.
    BOTH;

    /// Its name in JSON and in messages.
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static PathStatus direct(PathSelector.Chosen chosen, long switches) {
    return new PathStatus(
        chosen.doubtful() ? Kind.BOTH : Kind.DIRECT,
        Optional.of(OwnAddresses.text(chosen.address())),
        Optional.of(chosen.rtt()),
        Optional.empty(),
        switches);
  }

  static PathStatus relay(String whyNotDirect, long switches) {
    return new PathStatus(
        Kind.RELAY, Optional.empty(), Optional.empty(), Optional.of(whyNotDirect), switches);
  }
}
