package dev.warren.tunnel;

import dev.warren.protocol.tunnel.Coordination.Meet;
import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// What a UDP socket's machine looks like from outside, and whether that has changed: other
/// addresses, or a sleep. On the event loop.
final class Surroundings {
  /// How often this machine's own addresses are looked at, while a path is in use.
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(5);

  /// Addresses from outside that are remembered.
  private static final int SEEN_MAX = 4;

  private final Set<InetSocketAddress> seen = new LinkedHashSet<>();
  private final Slumber slumber = new Slumber();
  private Set<String> names = Set.of();
  private boolean looked;
  private long lookedNanos;
  private boolean told;

  /// Somebody outside says at which address it sees this socket.
  ///
  /// @param known what peers are told already
  /// @return whether that is news
  boolean seenAt(InetSocketAddress address, List<String> known) {
    if (seen.contains(address) || known.contains(OwnAddresses.text(address))) {
      return false;
    }
    if (seen.size() >= SEEN_MAX) {
      seen.remove(seen.iterator().next());
    }
    return seen.add(address);
  }

  List<String> seen() {
    return seen.stream().map(OwnAddresses::text).toList();
  }

  /// Where this socket may be reached.
  ///
  /// @param relaySees the host that the relay sees; of use with a NAT that keeps ports, when nobody
  ///   could be asked
  List<String> addresses(int port, Optional<String> relaySees) {
    Set<String> all = new LinkedHashSet<>(seen());
    OwnAddresses.list()
        .forEach(address -> all.add(OwnAddresses.text(new InetSocketAddress(address, port))));
    relaySees
        .flatMap(host -> OwnAddresses.parse(bracketed(host) + ":" + port, false))
        .ifPresent(address -> all.add(OwnAddresses.text(address)));
    return all.stream().limit(Meet.ADDRESSES_MAX).toList();
  }

  /// Somebody else has noticed a change.
  void told() {
    told = true;
  }

  /// Whether this machine has other addresses than when this was asked last, or has slept.
  boolean changed(long now) {
    boolean known = slumber.ended(System.currentTimeMillis(), now) || told;
    if (looked && !known && now - lookedNanos < LOOK_NANOS) {
      return false;
    }
    Set<String> before = names;
    names = OwnAddresses.names();
    boolean changed = looked && (known || !names.equals(before));
    looked = true;
    told = false;
    lookedNanos = now;
    if (changed) {
      seen.clear();
    }
    return changed;
  }

  private static String bracketed(String host) {
    return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
  }
}
