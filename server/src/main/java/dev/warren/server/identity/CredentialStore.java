package dev.warren.server.identity;

import dev.warren.server.access.Caller;
import dev.warren.server.access.CredentialId;
import dev.warren.server.access.Role;
import dev.warren.server.access.Scope;
import dev.warren.server.access.UserId;
import dev.warren.server.db.Database;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// The tables of sessions, tokens and one-time links.
final class CredentialStore {
  private final Database database;

  CredentialStore(Database database) {
    this.database = database;
  }

  record NewSession(
      UUID id,
      UserId user,
      byte[] cookieHash,
      byte[] csrfHash,
      byte[] tokenHash,
      Instant now,
      Instant expiresAt) {}

  /// A credential that is good, and whose it is.
  record Proof(
      UserId userId,
      String username,
      String email,
      Role role,
      CredentialId credential,
      Scope scope,
      Optional<byte[]> csrfHash,
      Optional<Instant> lastSeenAt) {
    Caller caller() {
      return new Caller(userId, username, email, role, credential, scope);
    }
  }

  void insertSession(NewSession session) {
    database.use(handle ->
        handle
            .createUpdate(
                """
                INSERT INTO sessions (id, user_id, cookie_hash, csrf_hash, token_hash,
                                      created_at, last_seen_at, expires_at)
                VALUES (:id, :user, :cookieHash, :csrfHash, :tokenHash, :now, :now, :expiresAt)
                """)
            .bind("id", session.id())
            .bind("user", session.user())
            .bind("cookieHash", session.cookieHash())
            .bind("csrfHash", session.csrfHash())
            .bind("tokenHash", session.tokenHash())
            .bind("now", session.now())
            .bind("expiresAt", session.expiresAt())
            .execute());
  }

  Optional<Proof> byCookie(byte[] hash, Instant now) {
    return prove(
        """
        SELECT u.id AS user_id, u.username, u.email, u.role, s.id AS credential,
               'all' AS scope, s.csrf_hash, s.last_seen_at
        FROM sessions s JOIN users u ON u.id = s.user_id
        WHERE s.cookie_hash = :hash AND s.expires_at > :now AND u.suspended_at IS NULL
        """,
        hash,
        now);
  }

  Optional<Proof> bySessionToken(byte[] hash, Instant now) {
    return prove(
        """
        SELECT u.id AS user_id, u.username, u.email, u.role, s.id AS credential,
               'all' AS scope, s.csrf_hash, s.last_seen_at
        FROM sessions s JOIN users u ON u.id = s.user_id
        WHERE s.token_hash = :hash AND s.expires_at > :now AND u.suspended_at IS NULL
        """,
        hash,
        now);
  }

  Optional<Proof> byToken(byte[] hash, Instant now) {
    return prove(
        """
        SELECT u.id AS user_id, u.username, u.email, u.role, t.id AS credential,
               t.scope, CAST(NULL AS bytea) AS csrf_hash, t.last_used_at AS last_seen_at
        FROM tokens t JOIN users u ON u.id = t.user_id
        WHERE t.hash = :hash AND t.expires_at > :now AND u.suspended_at IS NULL
        """,
        hash,
        now);
  }

  private Optional<Proof> prove(String query, byte[] hash, Instant now) {
    return database.with(handle ->
        handle.createQuery(query).bind("hash", hash).bind("now", now).mapTo(Proof.class).findOne());
  }

  /// Notes that a credential was used; a session's end moves on.
  void used(CredentialId id, Instant now, Instant sessionExpiresAt) {
    database.useTransaction(handle -> {
      handle.execute(
          "UPDATE sessions SET last_seen_at = ?, expires_at = ? WHERE id = ?",
          now,
          sessionExpiresAt,
          id);
      handle.execute("UPDATE tokens SET last_used_at = ? WHERE id = ?", now, id);
    });
  }

  Set<CredentialId> good(Collection<CredentialId> ids, Instant now) {
    return new HashSet<>(
        database.with(handle ->
            handle
                .createQuery(
                    """
                    SELECT c.id FROM (
                        SELECT id, user_id, expires_at FROM sessions WHERE id = ANY(:ids)
                        UNION ALL
                        SELECT id, user_id, expires_at FROM tokens WHERE id = ANY(:ids)
                    ) c JOIN users u ON u.id = c.user_id
                    WHERE c.expires_at > :now AND u.suspended_at IS NULL
                    """)
                .bind("ids", ids.stream().map(CredentialId::value).toArray(UUID[]::new))
                .bind("now", now)
                .mapTo(CredentialId.class)
                .list()));
  }

  Set<CredentialId> of(UserId user) {
    return new HashSet<>(
        database.with(handle ->
            handle
                .createQuery(
                    """
                    SELECT id FROM sessions WHERE user_id = :user
                    UNION ALL SELECT id FROM tokens WHERE user_id = :user
                    """)
                .bind("user", user)
                .mapTo(CredentialId.class)
                .list()));
  }

  void deleteSession(CredentialId id) {
    database.use(handle -> handle.execute("DELETE FROM sessions WHERE id = ?", id));
  }

  void deleteSessions(UserId user, Optional<CredentialId> butNot) {
    database.use(handle ->
        handle
            .createUpdate(
                """
                DELETE FROM sessions WHERE user_id = :user
                  AND (CAST(:butNot AS uuid) IS NULL OR id <> :butNot)
                """)
            .bind("user", user)
            .bind("butNot", butNot.map(CredentialId::value))
            .execute());
  }

  void insertToken(UserId user, Token token, byte[] hash) {
    database.use(handle ->
        handle
            .createUpdate(
                """
                INSERT INTO tokens (id, user_id, name, hash, scope, created_at, expires_at)
                VALUES (:id, :user, :name, :hash, :scope, :createdAt, :expiresAt)
                """)
            .bind("id", token.id())
            .bind("user", user)
            .bind("name", token.name())
            .bind("hash", hash)
            .bind("scope", token.scope())
            .bind("createdAt", token.createdAt())
            .bind("expiresAt", token.expiresAt())
            .execute());
  }

  List<Token> tokens(UserId user, Optional<UUID> after, int limit) {
    return database.with(handle ->
        handle
            .createQuery(
                """
                SELECT id, name, scope, created_at, last_used_at, expires_at FROM tokens
                WHERE user_id = :user AND (CAST(:after AS uuid) IS NULL OR id > :after)
                ORDER BY id LIMIT :limit
                """)
            .bind("user", user)
            .bind("after", after)
            .bind("limit", limit)
            .mapTo(Token.class)
            .list());
  }

  boolean deleteToken(UserId user, UUID id) {
    return database.with(
        handle -> handle.execute("DELETE FROM tokens WHERE id = ? AND user_id = ?", id, user) == 1);
  }

  void insertLink(byte[] hash, UserId user, Instant expiresAt) {
    database.use(handle ->
        handle.execute(
            "INSERT INTO sign_in_links (hash, user_id, expires_at) VALUES (?, ?, ?)",
            hash,
            user,
            expiresAt));
  }

  /// Takes a link: it works once.
  Optional<UserId> takeLink(byte[] hash, Instant now) {
    return database.with(handle ->
        handle
            .createQuery(
                """
                DELETE FROM sign_in_links l USING users u
                WHERE l.hash = :hash AND u.id = l.user_id AND u.suspended_at IS NULL
                  AND l.expires_at > :now
                RETURNING l.user_id
                """)
            .bind("hash", hash)
            .bind("now", now)
            .mapTo(UserId.class)
            .findOne());
  }

  int purge(Instant now) {
    return database.inTransaction(handle ->
        handle.execute("DELETE FROM sessions WHERE expires_at < ?", now)
            + handle.execute("DELETE FROM tokens WHERE expires_at < ?", now)
            + handle.execute("DELETE FROM sign_in_links WHERE expires_at < ?", now));
  }
}
