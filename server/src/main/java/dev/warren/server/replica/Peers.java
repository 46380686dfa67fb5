package dev.warren.server.replica;

import dev.warren.protocol.NodeId;
import dev.warren.server.db.Database;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The other replicas that live, as of the last beat. Thread-safe.
public final class Peers {
  /// A stranger makes us look into the database, but not more often than this.
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

  private static final Logger log = LoggerFactory.getLogger(Peers.class);

  private final ReplicaStore store;
  private final ReplicaAddress self;
  private final List<Consumer<List<Peer>>> listeners = new CopyOnWriteArrayList<>();
  private volatile List<Peer> known = List.of();
  private volatile long lookedNanos = System.nanoTime() - LOOK_AGAIN.toNanos();
  private volatile List<String> unreachable = List.of();

  public Peers(Database database, ReplicaAddress self) {
    this.store = new ReplicaStore(database);
    this.self = self;
  }

  /// Hears of each change, on the thread of the beat; must be quick.
  public void listen(Consumer<List<Peer>> listener) {
    listeners.add(listener);
  }

  public List<Peer> all() {
    return known;
  }

  public Optional<Peer> find(ReplicaId id) {
    return known.stream().filter(peer -> peer.id().equals(id)).findFirst();
  }

  /// The replica with this node; one that has just started is looked for in the database.
  public Optional<Peer> find(NodeId node) {
    Optional<Peer> peer = among(known, node);
    if (peer.isPresent() || System.nanoTime() - lookedNanos < LOOK_AGAIN.toNanos()) {
      return peer;
    }
    return among(look(), node);
  }

  private static Optional<Peer> among(List<Peer> peers, NodeId node) {
    return peers.stream().filter(peer -> peer.node().equals(node)).findFirst();
  }

  /// Reads them anew.
  public List<Peer> look() {
    lookedNanos = System.nanoTime();
    List<Peer> now = store.peers(self);
    synchronized (this) {
      if (now.equals(known)) {
        return now;
      }
      known = now;
    }
    listeners.forEach(listener -> listener.accept(now));
    complain(now);
    return now;
  }

  /// Replicas that cannot call each other work on their own chats, and no more: an operator wants
  /// to know, once.
  private void complain(List<Peer> now) {
    List<String> missing =
        now.stream()
            .filter(peer -> peer.url().isEmpty())
            .map(peer -> peer.id().toString())
            .toList();
    if (!now.isEmpty() && self.url().isEmpty()) {
      missing = List.of("this one");
    }
    if (!missing.equals(unreachable) && !missing.isEmpty()) {
      log.error(
          "{} replicas work on this database, and WARREN_REPLICA_URL is not set on {}: the others"
              + " reach neither its workspaces nor the text its models write; set it to an address"
              + " of its own, such as http://10.0.0.2:7080",
          now.size() + 1,
          missing);
    }
    unreachable = missing;
  }
}
