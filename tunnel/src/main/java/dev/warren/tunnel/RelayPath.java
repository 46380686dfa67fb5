package dev.warren.tunnel;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.util.Optional;

/// The way of binary messages to the relay: a WebSocket, or the relay in this process. On the event
/// loop.
interface RelayPath {
  /// Whether it takes more now; what comes while it does not is dropped, never queued.
  boolean isWritable();

  /// Sends one message, which it releases.
  void send(ByteBuf message);

  void flush();

  /// Sends a coordination frame.
  void sendText(String text);

  /// Where the relay's host is, when it is not this process.
  Optional<InetAddress> host();
}
