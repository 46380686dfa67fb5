package dev.warren.protocol.daemon;

import java.util.List;
import java.util.Optional;

/// A TCP port that something in the workspace listens on.
///
/// @param address as the kernel says it, such as `127.0.0.1` or `::`
/// @param process name of the listener, when it can be seen
public record ListeningPort(int port, String address, Optional<String> process) {

  /// `GET /v1/ports`, by number.
  public record Listing(List<ListeningPort> ports) {
    public Listing {
      ports = List.copyOf(ports);
    }
  }
}
