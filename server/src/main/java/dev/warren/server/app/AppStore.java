package dev.warren.server.app;

import dev.warren.server.access.CredentialId;
import dev.warren.server.access.UserId;
import dev.warren.server.db.Database;
import dev.warren.server.http.app.AppAddress;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// The table of links to apps and of what they became.
final class AppStore {
  private final Database database;

  AppStore(Database database) {
    this.database = database;
  }

  /// @param kind `link` or `session`
  record Access(
      byte[] secretHash,
      String kind,
      CredentialId credential,
      UserId user,
      AppAddress app,
      Instant expiresAt) {}

  /// Whose access it is.
  record Holder(CredentialId credential, UserId user) {}

  void insert(Access access) {
    database.use(handle ->
        handle
            .createUpdate(
                """
                INSERT INTO app_access
                  (secret_sha256, kind, credential_id, user_id, workspace_id, port, expires_at)
                VALUES (:hash, :kind, :credential, :user, :workspace, :port, :expires)
                """)
            .bind("hash", access.secretHash())
            .bind("kind", access.kind())
            .bind("credential", access.credential().value())
            .bind("user", access.user().value())
            .bind("workspace", access.app().workspace())
            .bind("port", access.app().port())
            .bind("expires", access.expiresAt())
            .execute());
  }

  /// Takes a link away, if it is good; so it is good once.
  Optional<Holder> take(byte[] linkHash, AppAddress app, Instant now) {
    return database.with(handle ->
        handle
            .createQuery(
                """
                DELETE FROM app_access
                WHERE secret_sha256 = :hash AND kind = 'link' AND workspace_id = :workspace
                  AND port = :port AND expires_at > :now
                RETURNING credential_id, user_id
                """)
            .bind("hash", linkHash)
            .bind("workspace", app.workspace())
            .bind("port", app.port())
            .bind("now", now)
            .map((row, _) -> holder(row))
            .findOne());
  }

  /// The holder of a session, who still owns the workspace.
  Optional<Holder> find(byte[] cookieHash, AppAddress app, Instant now) {
    return database.with(handle ->
        handle
            .createQuery(
                """
                SELECT a.credential_id, a.user_id
                FROM app_access a JOIN workspaces w ON w.id = a.workspace_id
                WHERE a.secret_sha256 = :hash AND a.kind = 'session'
                  AND a.workspace_id = :workspace AND a.port = :port AND a.expires_at > :now
                  AND w.owner_id = a.user_id AND w.deleted_at IS NULL
                """)
            .bind("hash", cookieHash)
            .bind("workspace", app.workspace())
            .bind("port", app.port())
            .bind("now", now)
            .map((row, _) -> holder(row))
            .findOne());
  }

  int purge(Instant now) {
    return database.with(handle ->
        handle
            .createUpdate("DELETE FROM app_access WHERE expires_at <= :now")
            .bind("now", now)
            .execute());
  }

  private static Holder holder(java.sql.ResultSet row) throws java.sql.SQLException {
    return new Holder(
        new CredentialId(row.getObject("credential_id", UUID.class)),
        new UserId(row.getObject("user_id", UUID.class)));
  }
}
