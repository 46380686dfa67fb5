package dev.warren.tunnel.relay;

import java.nio.ByteBuffer;

/// One connection as the relay sees it; its adapter calls it as frames arrive, one call at a time.
public final class RelaySession {
  RelaySession() {}

  /// A text frame came.
  public void text(String text) {}

  /// A binary frame came.
  ///
  /// @param message may be written into until `released` has run
  /// @param released run exactly once, on any thread
  public void binary(ByteBuffer message, Runnable released) {}

  /// No more frames are at hand: what was forwarded since the last call leaves now.
  public void burstEnd() {}

  /// The node gave a sign of life.
  public void alive() {}

  /// The connection has ended. Calling it again does nothing.
  public void closed() {}
}
