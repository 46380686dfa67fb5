package dev.warren.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.protocol.UuidV7;
import dev.warren.server.access.UserId;
import dev.warren.server.db.PostgresForTests;
import dev.warren.server.http.Idempotency.Reservation;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What becomes of a key when the replica that holds it dies.
final class IdempotencyTest {
  @RegisterExtension static final PostgresForTests postgres = new PostgresForTests();

  private static final byte[] BODY = "{}".getBytes(StandardCharsets.UTF_8);

  private final UserId user = new UserId(UuidV7.next());

  @BeforeEach
  void createUser() {
    postgres
        .database()
        .use(handle ->
            handle.execute(
                "INSERT INTO users (id, email, username, role) VALUES (?, ?, ?, 'member')",
                user,
                user + "@example.com",
                user.toString()));
  }

  @Test
  void aKeyWhoseHolderDiedIsTakenOverWithTheSameIdWellBeforeAPersonGivesUp() throws Exception {
    Reservation dead = reserve(Duration.ZERO);
    Reservation next = reserve(Duration.ofSeconds(10));
    assertThat(next).isInstanceOf(Reservation.Held.class);
    assertThat(next.id()).isEqualTo(dead.id()).isPresent();
  }

  @Test
  void aKeyIsNotTakenFromAnAnswer() throws Exception {
    Reservation first = reserve(Duration.ZERO);
    idempotency(Duration.ZERO)
        .complete(first, new Rendered(201, "application/json", BODY, Map.of()));
    assertThat(reserve(Duration.ofSeconds(10))).isInstanceOf(Reservation.Answered.class);
  }

  private Reservation reserve(Duration later) throws InterruptedException {
    return idempotency(later).reserve(user, "key", "POST /things", BODY);
  }

  private static Idempotency idempotency(Duration later) {
    return new Idempotency(postgres.database(), Clock.offset(Clock.systemUTC(), later));
  }
}
