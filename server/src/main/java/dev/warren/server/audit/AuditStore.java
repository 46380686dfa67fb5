package dev.warren.server.audit;

import dev.warren.server.access.UserId;
import dev.warren.server.db.Database;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The table of the audit log.
final class AuditStore {
  private final Database database;

  AuditStore(Database database) {
    this.database = database;
  }

  void insert(AuditEntry entry) {
    database.use(handle ->
        handle
            .createUpdate(
                """
                INSERT INTO audit (id, actor_id, actor, action, target, detail, created_at)
                VALUES (:id, :actorId, :actor, :action, :target, :detail, :createdAt)
                """)
            .bind("id", entry.id())
            .bind("actorId", entry.actorId().map(UserId::value))
            .bind("actor", entry.actor())
            .bind("action", entry.action())
            .bind("target", entry.target())
            .bind("detail", entry.detail())
            .bind("createdAt", entry.createdAt())
            .execute());
  }

  /// Newest first.
  List<AuditEntry> list(
      Optional<UUID> before, Optional<UUID> actor, Optional<String> action, int limit) {
    return database.with(handle ->
        handle
            .createQuery(
                """
                SELECT id, actor_id, actor, action, target, detail, created_at FROM audit
                WHERE (CAST(:before AS uuid) IS NULL OR id < :before)
                  AND (CAST(:actor AS uuid) IS NULL OR actor_id = :actor)
                  AND (CAST(:action AS text) IS NULL OR action = :action)
                ORDER BY id DESC LIMIT :limit
                """)
            .bind("before", before)
            .bind("actor", actor)
            .bind("action", action)
            .bind("limit", limit)
            .mapTo(AuditEntry.class)
            .list());
  }
}
