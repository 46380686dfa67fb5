package dev.warren.server.http;

import dev.warren.server.access.UserId;
import dev.warren.server.db.Database;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// The table of idempotency keys.
final class IdempotencyStore {
  private final Database database;

  IdempotencyStore(Database database) {
    this.database = database;
  }

  /// @param status absent while the request is being carried out
  record Row(
      byte[] requestHash,
      UUID newId,
      Optional<Integer> status,
      Optional<String> mediaType,
      Optional<byte[]> body) {
    Rendered answer() {
      return new Rendered(
          status.orElseThrow(), mediaType.orElse(""), body.orElse(new byte[0]), Map.of());
    }
  }

  /// Takes a key that is free, or so old that it is forgotten.
  boolean take(
      UserId user,
      String key,
      byte[] hash,
      UUID newId,
      Instant now,
      Instant heldUntil,
      Instant forgottenBefore) {
    return database.with(handle ->
        handle
                .createUpdate(
                    """
                    INSERT INTO idempotency_keys AS k
                        (user_id, key, request_hash, new_id, held_until, created_at)
                    VALUES (:user, :key, :hash, :newId, :heldUntil, :now)
                    ON CONFLICT (user_id, key) DO UPDATE
                    SET request_hash = excluded.request_hash, new_id = excluded.new_id,
                        held_until = excluded.held_until, created_at = excluded.created_at,
                        status = NULL, media_type = NULL, body = NULL
                    WHERE k.created_at < :forgottenBefore
                    """)
                .bind("user", user)
                .bind("key", key)
                .bind("hash", hash)
                .bind("newId", newId)
                .bind("heldUntil", heldUntil)
                .bind("now", now)
                .bind("forgottenBefore", forgottenBefore)
                .execute()
            == 1);
  }

  Optional<Row> find(UserId user, String key) {
    return database.with(handle ->
        handle
            .createQuery(
                """
                SELECT request_hash, new_id, status, media_type, body
                FROM idempotency_keys WHERE user_id = :user AND key = :key
                """)
            .bind("user", user)
            .bind("key", key)
            .mapTo(Row.class)
            .findOne());
  }

  /// Takes a key whose holder released it or died.
  boolean takeOver(UserId user, String key, Instant now, Instant heldUntil) {
    return database.with(handle ->
        handle
                .createUpdate(
                    """
                    UPDATE idempotency_keys SET held_until = :heldUntil
                    WHERE user_id = :user AND key = :key
                      AND status IS NULL AND held_until < :now
                    """)
                .bind("user", user)
                .bind("key", key)
                .bind("now", now)
                .bind("heldUntil", heldUntil)
                .execute()
            == 1);
  }

  void complete(UserId user, String key, Rendered answer) {
    database.use(handle ->
        handle
            .createUpdate(
                """
                UPDATE idempotency_keys
                SET status = :status, media_type = :mediaType, body = :body
                WHERE user_id = :user AND key = :key
                """)
            .bind("user", user)
            .bind("key", key)
            .bind("status", answer.status())
            .bind("mediaType", answer.mediaType())
            .bind("body", answer.body())
            .execute());
  }

  void release(UserId user, String key, Instant now) {
    database.use(handle ->
        handle
            .createUpdate(
                """
                UPDATE idempotency_keys SET held_until = :before
                WHERE user_id = :user AND key = :key AND status IS NULL
                """)
            .bind("user", user)
            .bind("key", key)
            .bind("before", now.minusMillis(1))
            .execute());
  }

  int purge(Instant createdBefore) {
    return database.with(handle ->
        handle
            .createUpdate("DELETE FROM idempotency_keys WHERE created_at < :before")
            .bind("before", createdBefore)
            .execute());
  }
}
