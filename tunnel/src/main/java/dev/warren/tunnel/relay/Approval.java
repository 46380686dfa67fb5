package dev.warren.tunnel.relay;

import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.StreamKind;
import java.util.Set;

/// A pair that the coordinator approved: `dialer` may open these kinds of streams to `target`. The
/// relay forwards between the two, both ways, and nothing else.
public record Approval(NodeId dialer, NodeId target, Set<StreamKind> kinds) {
  public Approval {
    kinds = Set.copyOf(kinds);
    if (kinds.isEmpty()) {
      throw new IllegalArgumentException("an approval without kinds approves nothing");
    }
    if (dialer.equals(target)) {
      throw new IllegalArgumentException("a node does not dial itself: " + dialer.brief());
    }
  }
}
