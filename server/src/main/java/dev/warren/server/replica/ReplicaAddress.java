package dev.warren.server.replica;

import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.AttachProof;
import java.net.URI;
import java.util.Base64;
import java.util.Optional;

/// Where the other replicas reach one, and the key with which it signs its calls to them.
///
/// @param url absent when WARREN_REPLICA_URL is not set
/// @param publicKey SubjectPublicKeyInfo of its node key, base64
public record ReplicaAddress(Optional<URI> url, String publicKey) {
  public static ReplicaAddress of(Optional<URI> url, byte[] publicKey) {
    return new ReplicaAddress(url, Base64.getEncoder().encodeToString(publicKey));
  }

  byte[] keyBytes() {
    return Base64.getDecoder().decode(publicKey);
  }

  /// The node that dials daemons for it, which follows from the key.
  public NodeId node() {
    return AttachProof.nodeId(keyBytes());
  }
}
