package dev.warren.protocol.tunnel;

import java.util.Locale;

/// What a node is to the control plane.
public enum NodeRole {
  /// A workspace's daemon: accepts streams.
  DAEMON,
  /// A user's command line: dials.
  CLIENT,
  /// A control plane: dials.
  REPLICA;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
