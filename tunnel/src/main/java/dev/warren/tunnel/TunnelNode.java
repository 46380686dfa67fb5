package dev.warren.tunnel;

import dev.warren.protocol.NodeId;
import java.time.Duration;

/// One end of tunnels: attaches to a relay, dials peers and accepts their streams.
public final class TunnelNode implements AutoCloseable {
  private final NodeIdentity identity;
  private final StreamAcceptor acceptor;

  public TunnelNode(NodeIdentity identity, StreamAcceptor acceptor) {
    this.identity = identity;
    this.acceptor = acceptor;
  }

  public NodeId id() {
    return identity.id();
  }

  /// Starts the event loop.
  ///
  /// @throws TunnelException when the native QUIC library does not load here, saying why in a line
  @SuppressWarnings("DoNotCallSuggester")
  public void start() throws TunnelException {
    throw new TunnelException(TunnelException.Stage.NODE, acceptor.toString());
  }

  /// Begins to attach, and keeps attached. At most one attachment a node.
  public RelayAttachment attach(RelayEndpoint endpoint) {
    return new RelayAttachment();
  }

  /// The live connection to this peer, or else a new one; callers that come meanwhile share the
  /// dial.
  ///
  /// @param deadline for all of it: relay, handshake and hello
  @SuppressWarnings("DoNotCallSuggester")
  public TunnelConnection connection(NodeId peer, Duration deadline)
      throws TunnelException, InterruptedException {
    throw new TunnelException(TunnelException.Stage.NODE, peer + " " + deadline);
  }

  @Override
  public void close() {}
}
