package dev.warren.server.sealing;

import dev.warren.server.db.Database;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The fingerprints of the keys that the database's values are sealed with.
public final class KeyStore {
  private final Database database;

  public KeyStore(Database database) {
    this.database = database;
  }

  /// Which keys a server needs to have; none before the first start.
  public Set<String> needed() {
    return new HashSet<>(
        database.with(handle ->
            handle.createQuery("SELECT id FROM encryption_keys").mapTo(String.class).list()));
  }

  /// Enters the key that seals, unless there are others that this server does not have: of two
  /// servers that start at the same time with other keys, one is refused.
  ///
  /// @return the needed keys that are not in the keyring; empty when all is well
  public Set<String> enter(Keyring keyring) {
    return database.inTransaction(handle -> {
      handle.execute("LOCK TABLE encryption_keys IN SHARE ROW EXCLUSIVE MODE");
      List<String> known =
          handle.createQuery("SELECT id FROM encryption_keys").mapTo(String.class).list();
      Set<String> missing = new HashSet<>(known);
      missing.removeAll(keyring.ids());
      if (missing.isEmpty()) {
        handle.execute(
            "INSERT INTO encryption_keys (id) VALUES (?) ON CONFLICT DO NOTHING",
            keyring.firstId());
      }
      return missing;
    });
  }

  /// Forgets keys that seal nothing any more. Call it when all values are sealed with the first.
  public void keepOnly(String id) {
    database.use(handle -> handle.execute("DELETE FROM encryption_keys WHERE id <> ?", id));
  }
}
