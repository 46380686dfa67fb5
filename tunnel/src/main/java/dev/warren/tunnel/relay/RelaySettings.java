package dev.warren.tunnel.relay;

import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.Coordination.DirectOffer;
import java.time.Duration;
import java.util.Optional;

/// The relay's limits.
///
/// @param relay the control plane's node id, which challenges carry
/// @param messageBytesMax longest binary message
/// @param outstandingBytesMax bytes on their way to one receiver before the oldest are dropped
/// @param linkBytesMax of these, the bytes handed to its link; the rest waits in our own queue
/// @param sendBytesPerSecond what one node may send, which is counted by [SendBudget]
/// @param pingEvery how often each node is asked for a sign of life; nginx cuts at 60 s
/// @param silenceMax a node that gave none for so long is cut
/// @param stalledMax a node that took no byte for so long, with bytes waiting, is cut
/// @param handshakeMax from opening to `attached`
/// @param handshakesMax connections in their handshake at once
/// @param pairGrace how long a pair outlives the detaching of one of its nodes
/// @param direct whether nodes may look for direct paths, and where they can ask for the address
///   that the world sees them at
public record RelaySettings(
    NodeId relay,
    int messageBytesMax,
    int outstandingBytesMax,
    int linkBytesMax,
    long sendBytesPerSecond,
    Duration pingEvery,
    Duration silenceMax,
    Duration stalledMax,
    Duration handshakeMax,
    int handshakesMax,
    Duration pairGrace,
    Direct direct) {

  /// Direct paths between nodes.
  ///
  /// @param udpPort where the control plane's own node answers, on the relay's host
  public record Direct(boolean allowed, Optional<Integer> udpPort) {
    public static final Direct OFF = new Direct(false, Optional.empty());
  }

  public static RelaySettings of(NodeId relay) {
    return new RelaySettings(
        relay,
        64 * 1024,
        1024 * 1024,
        128 * 1024,
        256L * 1024 * 1024,
        Duration.ofSeconds(10),
        Duration.ofSeconds(25),
        Duration.ofSeconds(20),
        Duration.ofSeconds(15),
        256,
        Duration.ofSeconds(60),
        Direct.OFF);
  }

  /// The same with direct paths, or without.
  public RelaySettings with(Direct changed) {
    return new RelaySettings(
        relay,
        messageBytesMax,
        outstandingBytesMax,
        linkBytesMax,
        sendBytesPerSecond,
        pingEvery,
        silenceMax,
        stalledMax,
        handshakeMax,
        handshakesMax,
        pairGrace,
        changed);
  }

  /// What a node that may have direct paths is told.
  ///
  /// @param seen the address that the node's connection comes from
  Optional<DirectOffer> directOffer(Optional<String> seen) {
    return direct.allowed()
        ? Optional.of(new DirectOffer(direct.udpPort(), seen))
        : Optional.empty();
  }
}
