package dev.warren.server.replica;

import dev.warren.server.db.Database;
import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The rows of `replicas`, and the locks that stand for their lives.
final class ReplicaStore {
  /// Silence after which a replica counts as dead although its lock is held.
  static final int SILENCE_MAX_SECONDS = 5;

  private static final Logger log = LoggerFactory.getLogger(ReplicaStore.class);

  private final Database database;

  ReplicaStore(Database database) {
    this.database = database;
  }

  /// Takes a replica's lock, in a session of its own.
  Session lock(long key) {
    try {
      Connection connection = database.connect();
      try (PreparedStatement lock = connection.prepareStatement("SELECT pg_advisory_lock(?)")) {
        lock.setLong(1, key);
        lock.execute();
        return new Session(connection);
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw new IllegalStateException("cannot take the lock of this replica", e);
    }
  }

  /// A session that holds a replica's lock until it is closed or breaks.
  static final class Session implements AutoCloseable {
    private final Connection connection;

    private Session(Connection connection) {
      this.connection = connection;
    }

    boolean holds() {
      try {
        return connection.isValid(1);
      } catch (SQLException e) {
        return false;
      }
    }

    @Override
    public void close() {
      try {
        connection.close();
      } catch (SQLException e) {
        log.debug("a replica's session was broken already", e);
      }
    }
  }

  void insert(ReplicaId id, long key, ReplicaAddress address) {
    database.use(handle ->
        handle.execute(
            "INSERT INTO replicas (id, lock_key, url, public_key) VALUES (?, ?, ?, ?)",
            id.value(),
            key,
            address.url().map(URI::toString).orElse(null),
            address.publicKey()));
  }

  /// The replicas but this one. Of rows with one key only the newest: the others are what an
  /// earlier life left.
  List<Peer> peers(ReplicaAddress self) {
    return database.with(handle ->
        handle
            .createQuery(
                """
                SELECT DISTINCT ON (public_key) id, url, public_key FROM replicas
                WHERE public_key <> :self
                ORDER BY public_key, id DESC
                """)
            .bind("self", self.publicKey())
            .map((row, context) ->
                new Peer(
                    new ReplicaId(row.getObject("id", UUID.class)),
                    new ReplicaAddress(
                        Optional.ofNullable(row.getString("url")).map(URI::create),
                        row.getString("public_key"))))
            .list());
  }

  /// @return false when others have declared this replica dead
  boolean beat(ReplicaId id) {
    return database.inTransaction(handle -> {
      handle.execute("SET LOCAL synchronous_commit = off");
      return handle.execute("UPDATE replicas SET beat_at = now() WHERE id = ?", id.value()) == 1;
    });
  }

  void delete(ReplicaId id) {
    database.use(handle -> handle.execute("DELETE FROM replicas WHERE id = ?", id.value()));
  }

  /// Removes the rows of dead replicas: their lock is free, or they are silent for too long. None
  /// in the first seconds of the database, in which the living take their locks again.
  ///
  /// @return how many there were
  int removeDead(ReplicaId self) {
    return database.inTransaction(handle -> {
      List<UUID> dead =
          handle
              .createQuery(
                  """
                  SELECT id FROM replicas
                  WHERE id <> :self
                    AND pg_postmaster_start_time() < now() - make_interval(secs => :silence)
                    AND (beat_at < now() - make_interval(secs => :silence)
                         OR pg_try_advisory_xact_lock(lock_key))
                  """)
              .bind("self", self.value())
              .bind("silence", SILENCE_MAX_SECONDS)
              .mapTo(UUID.class)
              .list();
      for (UUID id : dead) {
        handle.execute("DELETE FROM replicas WHERE id = ?", id);
      }
      return dead.size();
    });
  }
}
