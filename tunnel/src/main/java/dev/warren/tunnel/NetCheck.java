package dev.warren.tunnel;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// A node's place in the network.
///
/// @param directOffered whether the control plane lets this node have direct paths
/// @param udpPort of the socket for connections that this node dials; none before it is open
/// @param answered how long the control plane's host took to answer by UDP; none when it did not,
///   or has no such port
/// @param addresses what peers are told
/// @param seen of these, what others outside saw; two with different ports when a NAT here gives
///   each destination a port of its own
public record NetCheck(
    boolean attached,
    boolean directOffered,
    OptionalInt udpPort,
    Optional<Duration> answered,
    List<String> addresses,
    List<String> seen) {
  public NetCheck {
    addresses = List.copyOf(addresses);
    seen = List.copyOf(seen);
  }
}
