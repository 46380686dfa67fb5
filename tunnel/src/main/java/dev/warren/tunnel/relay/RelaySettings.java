package dev.warren.tunnel.relay;

import dev.warren.protocol.NodeId;
import java.time.Duration;

/// The relay's limits.
///
/// @param relay the control plane's node id, which challenges carry
/// @param messageBytesMax longest binary message
/// @param outstandingBytesMax bytes on their way to one receiver before the oldest are dropped
/// @param linkBytesMax of these, the bytes handed to its link; the rest waits in our own queue
/// @param pingEvery how often each node is asked for a sign of life; nginx cuts at 60 s
/// @param silenceMax a node that gave none for so long is cut
/// @param stalledMax a node that took no byte for so long, with bytes waiting, is cut
/// @param handshakeMax from opening to `attached`
/// @param handshakesMax connections in their handshake at once
/// @param pairGrace how long a pair outlives the detaching of one of its nodes
public record RelaySettings(
    NodeId relay,
    int messageBytesMax,
    int outstandingBytesMax,
    int linkBytesMax,
    Duration pingEvery,
    Duration silenceMax,
    Duration stalledMax,
    Duration handshakeMax,
    int handshakesMax,
    Duration pairGrace) {

  public static RelaySettings of(NodeId relay) {
    return new RelaySettings(
        relay,
        64 * 1024,
        1024 * 1024,
        128 * 1024,
        Duration.ofSeconds(10),
        Duration.ofSeconds(25),
        Duration.ofSeconds(20),
        Duration.ofSeconds(15),
        256,
        Duration.ofSeconds(60));
  }
}
