package dev.warren.tunnel.relay;

import java.util.Map;

/// The relay's counts since its start, for metrics.
///
/// @param attached nodes attached now
/// @param handshaking connections that have not attached yet
public record RelayStats(
    int attached,
    int handshaking,
    long forwardedMessages,
    long forwardedBytes,
    Map<DropReason, Long> dropped) {
  public RelayStats {
    dropped = Map.copyOf(dropped);
  }
}
