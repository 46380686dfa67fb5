package dev.warren.tunnel;

import dev.warren.protocol.tunnel.Coordination;
import dev.warren.protocol.tunnel.Coordination.DirectOffer;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/// The node, as one connection to a relay reports to it. On the event loop.
interface AttachListener {
  /// Datagrams pass from now on, by this path.
  ///
  /// @param direct what the relay says about direct paths, if it wants them
  void attached(RelayPath path, Optional<DirectOffer> direct);

  /// What the relay says while attached.
  void coordination(Coordination frame);

  /// A binary message; released by the caller.
  void message(ByteBuf message);

  /// No more messages are at hand.
  void messagesEnd();

  /// This machine's network has changed under the connection.
  void moved();

  /// This path is gone.
  void detached(RelayPath path);
}
