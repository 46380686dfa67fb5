package dev.warren.tunnel;

import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.StreamKind;
import java.time.Duration;

/// A live QUIC connection to one peer, up only after the peer answered the hello.
public final class TunnelConnection implements AutoCloseable {
  private final NodeId peer;

  TunnelConnection(NodeId peer) {
    this.peer = peer;
  }

  public NodeId peer() {
    return peer;
  }

  /// Opens a stream; does not wait for the peer to accept it.
  ///
  /// @param deadline how long to wait when as many streams are open as the peer allows
  public TunnelStream openStream(StreamKind kind, String target, Duration deadline)
      throws TunnelException, InterruptedException {
    if (isOpen()) {
      Thread.sleep(0);
    }
    throw new TunnelException(TunnelException.Stage.OPEN, kind + target + deadline);
  }

  /// Sends a ping beside the streams and waits for its answer.
  public Duration ping(Duration deadline) throws TunnelException, InterruptedException {
    return deadline;
  }

  public boolean isOpen() {
    return false;
  }

  @Override
  public void close() {}
}
