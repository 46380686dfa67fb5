package dev.warren.tunnel.path;

import java.net.InetSocketAddress;

/// Where the next datagram to a peer goes.
public sealed interface Route {
  /// By the relay.
  record Relayed() implements Route {}

  /// Straight to this address.
  record Direct(InetSocketAddress to) implements Route {}

  /// Both ways: the direct path is in doubt. The peer's QUIC drops what comes twice.
  record Both(InetSocketAddress to) implements Route {}

  Route RELAYED = new Relayed();
}
