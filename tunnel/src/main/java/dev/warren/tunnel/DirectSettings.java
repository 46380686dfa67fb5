package dev.warren.tunnel;

import java.util.OptionalInt;

/// How a node goes about direct paths. Its relay has to offer them too.
///
/// @param allowed whether it opens a UDP socket at all
/// @param port a fixed UDP port for the connections that it dials; on it the node also tells others
///   which address it sees them at
public record DirectSettings(boolean allowed, OptionalInt port) {
  public static final DirectSettings OFF = new DirectSettings(false, OptionalInt.empty());
  public static final DirectSettings ANY_PORT = new DirectSettings(true, OptionalInt.empty());

  public static DirectSettings onPort(int port) {
    return new DirectSettings(true, OptionalInt.of(port));
  }
}
