package dev.warren.server.replica;

import dev.warren.protocol.NodeId;
import java.net.URI;
import java.util.Optional;

/// Another replica, as its row says.
public record Peer(ReplicaId id, ReplicaAddress address) {
  public NodeId node() {
    return address.node();
  }

  /// Where to call it; absent when its WARREN_REPLICA_URL is not set.
  public Optional<URI> url() {
    return address.url();
  }
}
