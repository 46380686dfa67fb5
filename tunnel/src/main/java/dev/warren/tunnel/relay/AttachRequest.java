package dev.warren.tunnel.relay;

import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.NodeRole;
import java.util.Optional;
import java.util.UUID;

/// One attach of a node that has already proved its key, for [Admission] to decide on.
///
/// @param number counts attaches up: of two attaches of one node the greater is the newer
/// @param node the id that follows from the proved key
/// @param token what it introduced itself with, a secret
/// @param instance made anew at each start of the node's process
/// @param remoteAddress where the connection comes from, for the audit
public record AttachRequest(
    long number,
    NodeId node,
    NodeRole role,
    Optional<String> token,
    String version,
    UUID instance,
    String remoteAddress) {
  /// Without the token.
  @Override
  public String toString() {
    return "attach %d of %s %s (%s) from %s"
        .formatted(number, role, node.brief(), version, remoteAddress);
  }
}
