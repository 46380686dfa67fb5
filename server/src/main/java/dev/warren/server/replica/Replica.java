package dev.warren.server.replica;

import dev.warren.protocol.UuidV7;
import dev.warren.server.db.Database;
import java.security.SecureRandom;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// This replica's life in the database. One thread calls [#tick] about once a second.
public final class Replica implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Replica.class);
  private static final SecureRandom RANDOM = new SecureRandom();

  private final ReplicaStore store;
  private final ReplicaAddress address;
  private final Peers peers;
  private volatile Optional<Life> life = Optional.empty();

  private record Life(ReplicaId id, long key, ReplicaStore.Session session) {}

  /// @param address where the others find it
  public Replica(Database database, ReplicaAddress address) {
    this.store = new ReplicaStore(database);
    this.address = address;
    this.peers = new Peers(database, address);
  }

  /// The others, as of the last beat.
  public Peers peers() {
    return peers;
  }

  /// Whether it is this replica that has this id now.
  public boolean is(ReplicaId id) {
    return life.filter(now -> now.id().equals(id)).isPresent();
  }

  /// Who this is. Another id after every time that others had declared it dead.
  public ReplicaId id() {
    return life.orElseThrow(() -> new IllegalStateException("the replica is not started")).id();
  }

  public void start() {
    ReplicaId id = new ReplicaId(UuidV7.next());
    long key = RANDOM.nextLong();
    ReplicaStore.Session session = store.lock(key);
    store.insert(id, key, address);
    life = Optional.of(new Life(id, key, session));
    peers.look();
  }

  /// Beats, and buries dead replicas.
  public Tick tick() {
    Life now = life.orElseThrow(() -> new IllegalStateException("the replica is not started"));
    boolean lockHeld = now.session().holds();
    boolean rowThere = store.beat(now.id());
    if (!rowThere) {
      now.session().close();
      start();
      return Tick.REBORN;
    }
    if (!lockHeld) {
      now.session().close();
      life = Optional.of(new Life(now.id(), now.key(), store.lock(now.key())));
    }
    boolean othersDied = store.removeDead(now.id()) > 0;
    peers.look();
    return othersDied ? Tick.OTHERS_DIED : Tick.ALIVE;
  }

  /// Leaves: the row goes, and the lock.
  @Override
  public void close() {
    life.ifPresent(now -> {
      try {
        store.delete(now.id());
      } catch (RuntimeException e) {
        log.warn("cannot sign off replica {}; the others will find it dead", now.id(), e);
      }
      now.session().close();
    });
    life = Optional.empty();
  }

  /// Leaves without a word, as a crash would: only the lock goes.
  public void vanish() {
    life.ifPresent(now -> now.session().close());
    life = Optional.empty();
  }

  /// What a beat found.
  public enum Tick {
    ALIVE,
    OTHERS_DIED,
    /// Others had declared this replica dead: what it owned is theirs, and it has a new id.
    REBORN
  }
}
