package dev.warren.tunnel.relay;

import dev.warren.protocol.NodeId;
import java.util.Map;

/// Forwards datagrams between approved pairs of attached nodes.
public final class Relay implements AutoCloseable {
  private final RelaySettings settings;
  private final Admission admission;

  public Relay(RelaySettings settings, Admission admission) {
    this.settings = settings;
    this.admission = admission;
  }

  public void start() {}

  /// A connection was opened: sends the challenge and answers what the adapter reports to.
  public RelaySession open(RelayLink link, String remoteAddress) {
    return new RelaySession();
  }

  /// Lets two nodes talk, now or when they attach.
  public void approve(Approval approval) {}

  /// Ends a pair: nothing more is forwarded, and the target refuses the dialer's streams.
  public void withdraw(NodeId dialer, NodeId target) {}

  /// Closes the node's connection at once, with a code after which it does not come back, and ends
  /// all its pairs.
  public void revoke(NodeId node, String reason) {}

  /// Whether the node is attached and gave a sign of life lately.
  public boolean isLive(NodeId node) {
    return settings.relay().equals(node) && admission != null;
  }

  /// Messages dropped since the start, by reason.
  public Map<DropReason, Long> dropped() {
    return Map.of();
  }

  /// Tells every node that this relay is restarting and closes their connections.
  @Override
  public void close() {}
}
