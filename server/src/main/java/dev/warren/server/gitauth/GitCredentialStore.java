package dev.warren.server.gitauth;

import dev.warren.server.access.UserId;
import dev.warren.server.db.Database;
import dev.warren.server.sealing.Sealed;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The table of git credentials.
final class GitCredentialStore {
  private final Database database;

  GitCredentialStore(Database database) {
    this.database = database;
  }

  /// One row.
  record Row(
      UserId userId,
      String host,
      String username,
      byte[] sealedToken,
      String sealedWith,
      String tokenHint,
      Instant createdAt,
      Optional<Instant> lastUsedAt) {
    Sealed token() {
      return new Sealed(sealedWith, sealedToken);
    }
  }

  private static final String SELECT =
      """
      SELECT c.user_id, c.host, c.username, c.sealed_token, c.sealed_with, c.token_hint,
             c.created_at, c.last_used_at
      FROM git_credentials c JOIN users u ON u.id = c.user_id
      """;

  List<Row> of(UserId user) {
    return database.with(handle ->
        handle
            .createQuery(SELECT + "WHERE c.user_id = :user ORDER BY c.host")
            .bind("user", user)
            .mapTo(Row.class)
            .list());
  }

  /// What the user logs in with there; nothing while the user is suspended.
  Optional<Row> use(UserId user, GitHost host) {
    return database.inTransaction(handle -> {
      handle.execute(
          "UPDATE git_credentials SET last_used_at = now() WHERE user_id = ? AND host = ?",
          user,
          host.value());
      return handle
          .createQuery(
              SELECT + "WHERE c.user_id = :user AND c.host = :host AND u.suspended_at IS NULL")
          .bind("user", user)
          .bind("host", host.value())
          .mapTo(Row.class)
          .findOne();
    });
  }

  /// Puts it in place of what was there.
  ///
  /// @return false when the user has as many as allowed
  boolean put(UserId user, GitHost host, String username, Sealed token, String hint, int max) {
    return database.inTransaction(handle -> {
      handle.execute("SELECT 1 FROM users WHERE id = ? FOR UPDATE", user);
      int others =
          handle
              .createQuery(
                  "SELECT count(*) FROM git_credentials WHERE user_id = :user AND host <> :host")
              .bind("user", user)
              .bind("host", host.value())
              .mapTo(Integer.class)
              .one();
      if (others >= max) {
        return false;
      }
      handle
          .createUpdate(
              """
              INSERT INTO git_credentials (user_id, host, username, sealed_token, sealed_with,
                                           token_hint)
              VALUES (:user, :host, :username, :token, :with, :hint)
              ON CONFLICT (user_id, host) DO UPDATE
              SET username = :username, sealed_token = :token, sealed_with = :with,
                  token_hint = :hint, created_at = now(), last_used_at = NULL
              """)
          .bind("user", user)
          .bind("host", host.value())
          .bind("username", username)
          .bind("token", token.bytes())
          .bind("with", token.keyId())
          .bind("hint", hint)
          .execute();
      return true;
    });
  }

  boolean delete(UserId user, GitHost host) {
    return database.with(handle ->
        handle.execute(
                "DELETE FROM git_credentials WHERE user_id = ? AND host = ?", user, host.value())
            == 1);
  }

  /// Those that another key than this one sealed.
  List<Row> notSealedWith(String keyId) {
    return database.with(handle ->
        handle
            .createQuery(SELECT + "WHERE c.sealed_with <> :key")
            .bind("key", keyId)
            .mapTo(Row.class)
            .list());
  }

  void reseal(Row row, Sealed token) {
    database.use(handle ->
        handle.execute(
            """
            UPDATE git_credentials SET sealed_token = ?, sealed_with = ?
            WHERE user_id = ? AND host = ? AND sealed_token = ?
            """,
            token.bytes(),
            token.keyId(),
            row.userId(),
            row.host(),
            row.sealedToken()));
  }
}
