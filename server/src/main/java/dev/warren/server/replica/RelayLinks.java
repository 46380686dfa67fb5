package dev.warren.server.replica;

import dev.warren.protocol.NodeId;
import dev.warren.server.http.Access;
import dev.warren.server.http.Request;
import dev.warren.server.http.Route;
import dev.warren.server.http.Socket;
import dev.warren.server.http.Socket.Message;
import dev.warren.server.http.SocketAction;
import dev.warren.tunnel.relay.MeshInbound;
import dev.warren.tunnel.relay.RelayMesh;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The links between the relays of the replicas: one out to each other replica, kept open while
/// that one lives, and one in from each. Each is a WebSocket, opened by a signed call.
///
/// Threads: a virtual one a link.
public final class RelayLinks implements AutoCloseable {
  /// Where a replica takes in the link of another.
  static final String PATH = ReplicaCalls.PATH + "/relay";

  private static final int CLOSE_PROTOCOL = 1002;
  private static final Duration READ_MAX = Duration.ofSeconds(30);
  private static final Logger log = LoggerFactory.getLogger(RelayLinks.class);

  private final Peers peers;
  private final ReplicaCalls calls;
  private final PeerClient client;
  private final Map<NodeId, OutgoingLink> links = new ConcurrentHashMap<>();
  private volatile Optional<RelayMesh> mesh = Optional.empty();

  public RelayLinks(Peers peers, ReplicaCalls calls, PeerClient client) {
    this.peers = peers;
    this.calls = calls;
    this.client = client;
  }

  public List<Route> routes() {
    return List.of(
        Route.socket(PATH, Access.OPEN, this::accept)
            .summary("Takes in what another replica's relay says and sends"));
  }

  /// Begins to keep links to all replicas that live.
  public void start(RelayMesh relays) {
    mesh = Optional.of(relays);
    peers.listen(this::follow);
    follow(peers.all());
  }

  private void follow(List<Peer> now) {
    RelayMesh relays = mesh.orElseThrow();
    for (Peer peer : now) {
      if (peer.url().isPresent()) {
        links.compute(
            peer.node(),
            (node, known) -> known != null && known.isTo(peer) ? known : open(peer, known, relays));
      }
    }
    links.forEach((node, link) -> {
      if (now.stream().noneMatch(peer -> peer.node().equals(node)) && links.remove(node, link)) {
        link.close();
      }
    });
  }

  private OutgoingLink open(Peer peer, @Nullable OutgoingLink before, RelayMesh relays) {
    if (before != null) {
      before.close();
    }
    OutgoingLink link = new OutgoingLink(peer, client, relays);
    link.start();
    return link;
  }

  private SocketAction.Conversation accept(Request request) {
    Peer peer = calls.verify(request);
    return socket -> read(peer, socket);
  }

  private void read(Peer peer, Socket socket) throws InterruptedException {
    if (mesh.isEmpty()) {
      return;
    }
    MeshInbound inbound = mesh.get().accept(peer.node());
    log.info("replica {} has linked its relay to this one", peer.id());
    try {
      while (true) {
        Optional<Message> message = socket.receive(READ_MAX);
        if (message.isEmpty()) {
          continue;
        }
        switch (message.get()) {
          case Message.Text(String text) -> inbound.text(text);
          case Message.Binary(byte[] bytes) -> inbound.binary(ByteBuffer.wrap(bytes), () -> {});
          case Message.Closed closed -> {
            return;
          }
        }
      }
    } catch (IllegalArgumentException | IllegalStateException e) {
      log.warn("the link of replica {} is cut", peer.id(), e);
      socket.close(CLOSE_PROTOCOL, "not understood");
    } finally {
      inbound.closed();
      log.info("the link of replica {} has ended", peer.id());
    }
  }

  @Override
  public void close() {
    links.values().forEach(OutgoingLink::close);
    links.clear();
  }
}
