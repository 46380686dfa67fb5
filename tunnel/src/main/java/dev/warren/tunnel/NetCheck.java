package dev.warren.tunnel;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// A node's place in the network.
///
/// @param relayRtt one round trip to the relay's host, when it answered by UDP
/// @param directOffered whether the control plane lets this node have direct paths
public record NetCheck(
    boolean attached, boolean directOffered, Optional<Duration> relayRtt, Udp udp) {
  /// The UDP socket for connections that this node dials.
  ///
  /// @param addresses what peers are told
  /// @param seen of these, what others outside saw; none when nobody could be asked, two with
  ///   different ports when the NAT gives each destination a port of its own
  public record Udp(OptionalInt port, List<String> addresses, List<String> seen) {
    public Udp {
      addresses = List.copyOf(addresses);
      seen = List.copyOf(seen);
    }
  }
}
