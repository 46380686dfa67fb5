package dev.warren.server.http;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/// An open WebSocket, blocking: one thread may receive while others send. Received messages are not
/// read ahead, so a slow receiver slows its peer; a peer that does not read is cut after the write
/// deadline.
public interface Socket {
  /// What came in.
  sealed interface Message {
    record Text(String text) implements Message {}

    record Binary(byte[] bytes) implements Message {}

    /// The peer, the network or the server ended it; nothing follows.
    record Closed(int code, String reason) implements Message {}
  }

  /// Waits for the next message, at most `wait`.
  Optional<Message> receive(Duration wait) throws InterruptedException;

  void sendText(String text) throws IOException;

  void sendBinary(byte[] bytes) throws IOException;

  /// Ends it for a reason of ours. Idempotent.
  void close(int code, String reason);

  boolean isOpen();
}
