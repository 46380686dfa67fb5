package dev.warren.tunnel.relay;

import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.Coordination;
import dev.warren.protocol.tunnel.NodeKey;
import dev.warren.protocol.tunnel.RelayMessage;
import java.nio.ByteBuffer;
import java.util.Optional;

/// The way to a node that is attached at another relay: one hop, by the link to that relay. What a
/// relay tells its own nodes of presence the other one knows itself; who may dial is passed on.
final class ForwardLink implements RelayLink {
  private final RelayMesh mesh;
  private final NodeId peer;
  private final NodeId to;
  private final NodeKey toKey;

  ForwardLink(RelayMesh mesh, NodeId peer, NodeId to) {
    this.mesh = mesh;
    this.peer = peer;
    this.to = to;
    this.toKey = NodeKey.of(to);
  }

  NodeId peer() {
    return peer;
  }

  @Override
  public boolean send(ByteBuffer message, Runnable released) {
    Optional<RelayLink> out = mesh.link(peer);
    if (out.isEmpty()) {
      return false;
    }
    ByteBuffer addressed = ByteBuffer.allocate(RelayMessage.ID_BYTES + message.remaining());
    toKey.putAt(addressed, 0);
    addressed.position(RelayMessage.ID_BYTES).put(message.duplicate()).flip();
    return out.get().send(addressed, released);
  }

  @Override
  public void flush() {
    mesh.link(peer).ifPresent(RelayLink::flush);
  }

  @Override
  public void sendText(String text) {
    switch (Coordination.parse(text)) {
      case Coordination.Peers peers -> mesh.tell(peer, new MeshFrame.Dialers(to, peers.approved()));
      case Coordination.Meet meet -> mesh.tell(peer, new MeshFrame.Text(to, text));
      case Coordination.Attached attached -> {}
      case Coordination.Presence presence -> {}
      case Coordination.Restarting restarting -> {}
      case Coordination.Challenge challenge -> {}
      case Coordination.Attach attach -> {}
      case Coordination.GitCredential question -> {}
      case Coordination.GitAnswer answer -> {} // by the relay that the node is attached to
    }
  }

  @Override
  public void ping() {}

  @Override
  public void close(int code, String reason) {}
}
