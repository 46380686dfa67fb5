package dev.warren.tunnel;

import java.io.IOException;
import java.util.Locale;

/// A dial, an open or a stream that failed, with the stage that it failed in.
public final class TunnelException extends IOException {
  private static final long serialVersionUID = 1L;

  private final Stage stage;

  public TunnelException(Stage stage, String message) {
    super(stage + ": " + message);
    this.stage = stage;
  }

  public TunnelException(Stage stage, String message, Throwable cause) {
    super(stage + ": " + message, cause);
    this.stage = stage;
  }

  /// The same failure for another waiting thread.
  TunnelException(TunnelException first) {
    super(first.getMessage(), first);
    this.stage = first.stage;
  }

  public Stage stage() {
    return stage;
  }

  /// How far it got.
  public enum Stage {
    /// This node is closed, or cannot run here (no native library).
    NODE,
    /// This node is not attached to the relay.
    RELAY,
    /// The QUIC handshake with the peer: it is not there, or one side refused the other's key.
    HANDSHAKE,
    /// The connection stands, but the peer did not answer as a node does.
    HELLO,
    /// A stream could not be opened in time: too many are open, or the connection died.
    OPEN,
    /// The peer refused the stream: kind, target or limit.
    REFUSED,
    /// An open stream broke: reset, or its connection died.
    STREAM;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
