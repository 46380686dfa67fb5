package dev.warren.tunnel.relay;

import dev.warren.protocol.tunnel.NodeKey;
import java.util.HashMap;
import java.util.Map;

/// The nodes that were revoked lately: an attach that was admitted before its node's revocation,
/// but comes in after it, must not. Not thread-safe; the relay's lock guards it.
final class Revocations {
  private record Revocation(long upToAttach, long atNanos) {}

  private final Map<NodeKey, Revocation> revocations = new HashMap<>();

  /// @param upToAttach the newest attach that is no good any more
  void add(NodeKey node, long upToAttach, long nowNanos) {
    revocations.put(node, new Revocation(upToAttach, nowNanos));
  }

  boolean covers(NodeKey node, long attach) {
    Revocation revocation = revocations.get(node);
    return revocation != null && attach <= revocation.upToAttach();
  }

  /// Drops what is older; no attach takes so long.
  void forget(long beforeNanos) {
    revocations.values().removeIf(one -> one.atNanos() - beforeNanos < 0);
  }
}
