package dev.warren.server.http;

import dev.warren.protocol.UuidV7;
import dev.warren.server.access.UserId;
import dev.warren.server.db.Database;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// Makes a request that is repeated with the same `Idempotency-Key` answer the same. Keys are a
/// user's own. A request that dies between its effect and its answer left an id behind
/// ([Request#newId()]), under which the repeated one finds the effect.
final class Idempotency {
  /// How long answers are remembered.
  static final Duration KEPT = Duration.ofHours(24);

  /// How long one request may hold a key before another may take it over: its replica may have
  /// died. One that only took longer meets the other at the id, and is refused there.
  static final Duration HELD_MAX = Duration.ofSeconds(5);

  /// How long a repeated request waits for the first one's answer.
  private static final Duration WAIT_MAX = Duration.ofSeconds(20);

  private static final Duration POLL = Duration.ofMillis(50);
  private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");

  private final IdempotencyStore store;
  private final Clock clock;

  Idempotency(Database database, Clock clock) {
    store = new IdempotencyStore(database);
    this.clock = clock;
  }

  /// What a key leads to.
  sealed interface Reservation {
    /// The id for what the request creates.
    default Optional<UUID> id() {
      return this instanceof Held held ? Optional.of(held.newId()) : Optional.empty();
    }

    /// The request is to be carried out.
    record Held(UserId user, String key, UUID newId) implements Reservation {}

    /// It was carried out; this is its answer.
    record Answered(Rendered answer) implements Reservation {}
  }

  Reservation reserve(UserId user, String key, String operation, byte[] body)
      throws InterruptedException {
    if (!KEY.matcher(key).matches()) {
      throw Problems.badInput("Idempotency-Key", "is not 1 to 255 printable characters");
    }
    byte[] hash = hash(operation, body);
    long deadline = System.nanoTime() + WAIT_MAX.toNanos();
    while (true) {
      Instant now = clock.instant();
      UUID id = UuidV7.next();
      if (store.take(user, key, hash, id, now, now.plus(HELD_MAX), now.minus(KEPT))) {
        return new Reservation.Held(user, key, id);
      }
      Optional<IdempotencyStore.Row> row = store.find(user, key);
      if (row.isPresent()) {
        if (!MessageDigest.isEqual(row.get().requestHash(), hash)) {
          throw Problems.conflict(
              "the Idempotency-Key " + key + " was used for another request; take a new key");
        }
        if (row.get().status().isPresent()) {
          return new Reservation.Answered(row.get().answer());
        }
        if (store.takeOver(user, key, now, now.plus(HELD_MAX))) {
          return new Reservation.Held(user, key, row.get().newId());
        }
      }
      if (System.nanoTime() > deadline) {
        throw Problems.conflict(
            "the first request with the Idempotency-Key " + key + " is still being carried out");
      }
      TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
    }
  }

  void complete(Reservation reservation, Rendered answer) {
    if (reservation instanceof Reservation.Held held) {
      store.complete(held.user(), held.key(), answer);
    }
  }

  /// The request came to nothing: a repeated one starts anew, under the same id.
  void release(Reservation reservation) {
    if (reservation instanceof Reservation.Held held) {
      store.release(held.user(), held.key(), clock.instant());
    }
  }

  /// Forgets what is old.
  int purge() {
    return store.purge(clock.instant().minus(KEPT));
  }

  private static byte[] hash(String operation, byte[] body) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(operation.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
      return digest.digest(body);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
