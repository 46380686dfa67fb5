package dev.warren.tunnel.path;

import java.time.Duration;

/// When a path is tried, trusted and given up. The values come from what iroh and Tailscale learned
/// in the field.
public final class PathTimes {
  /// A path is pinged so often while datagrams pass, which also keeps a NAT's entry alive.
  static final Duration HEARTBEAT = Duration.ofSeconds(3);

  /// Without a datagram for so long nothing is pinged any more.
  static final Duration ACTIVE = Duration.ofSeconds(30);

  /// A ping that was not answered within this, or four round trips if those are longer, puts its
  /// path in doubt: datagrams go both ways.
  static final Duration DOUBT = Duration.ofSeconds(1);

  /// In doubt the path is pinged so often.
  static final Duration DOUBT_PING = Duration.ofMillis(400);

  /// A path that gave no sign of life for so long is not used any more.
  static final Duration TRUST = Duration.ofMillis(6_500);

  /// A datagram on a proven path counts as life only if a sealed one came within this: anybody can
  /// write a source address.
  static final Duration SEALED = Duration.ofSeconds(15);

  /// While there is no direct path, the peer is asked to meet so often.
  static final Duration RETRY = Duration.ofSeconds(60);

  /// Pings of one exploration, after its start. The first few cross with the peer's own, which open
  /// its NAT.
  static final Duration[] EXPLORE = {
    Duration.ZERO,
    Duration.ofMillis(150),
    Duration.ofMillis(400),
    Duration.ofSeconds(1),
    Duration.ofSeconds(2),
    Duration.ofMillis(3_500),
    Duration.ofSeconds(5)
  };

  /// A path that works is left for a better one no sooner than this after the last change.
  static final Duration HOLD = Duration.ofSeconds(10);

  /// How much better: a fifth, and this.
  static final Duration MARGIN = Duration.ofMillis(1);

  /// No address is pinged more often than this, whatever is going on.
  static final Duration PING_MIN = Duration.ofMillis(100);

  /// Between two tries of a larger size.
  static final Duration GROW_PING = Duration.ofMillis(500);

  /// A size that was tried in vain is tried again after this.
  static final Duration GROW_RETRY = Duration.ofMinutes(10);

  /// How long a simulation or a test may expect a path to take to prove itself, and to be left when
  /// it dies.
  public static final Duration SETTLED = Duration.ofSeconds(8);

  private PathTimes() {}
}
