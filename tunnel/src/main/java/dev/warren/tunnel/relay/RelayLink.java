package dev.warren.tunnel.relay;

import java.nio.ByteBuffer;

/// The way out to one attached node: an open WebSocket, or the control plane's own node in the same
/// process. Any thread may call it; no method blocks or throws.
public interface RelayLink {
  /// Takes one binary message to send, perhaps only at the next [#flush].
  ///
  /// @param message left alone by the caller until `released` has run
  /// @param released run exactly once, on any thread, when the link needs the message no longer
  /// @return false when the link is closed; `released` then never runs
  boolean send(ByteBuffer message, Runnable released);

  /// Lets what was sent so far leave.
  void flush();

  /// Sends a coordination frame, in order with other text.
  void sendText(String text);

  /// Asks for a sign of life; the adapter calls [RelaySession#alive] when it comes.
  void ping();

  /// Ends the connection with a WebSocket close code and what a person would want to read.
  void close(int code, String reason);
}
