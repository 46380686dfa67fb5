package dev.warren.tunnel;

import dev.warren.protocol.tunnel.Coordination;
import io.netty.buffer.ByteBuf;

/// The node, as one connection to a relay reports to it. On the event loop.
interface AttachListener {
  /// Datagrams pass from now on, by this path.
  void attached(RelayPath path);

  /// What the relay says while attached.
  void coordination(Coordination frame);

  /// A binary message; released by the caller.
  void message(ByteBuf message);

  /// No more messages are at hand.
  void messagesEnd();

  /// This path is gone.
  void detached(RelayPath path);
}
