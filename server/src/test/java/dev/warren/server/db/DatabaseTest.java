package dev.warren.server.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.protocol.UuidV7;
import dev.warren.server.access.Role;
import dev.warren.server.access.UserId;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class DatabaseTest {
  @RegisterExtension static final PostgresForTests postgres = new PostgresForTests();

  record Row(UserId id, String email, Role role, Optional<Instant> suspendedAt) {}

  @Test
  void recordsIdsEnumsAndTimesAreBoundAndReadAsTheyAre() {
    var row =
        new Row(
            new UserId(UuidV7.next()),
            "a@example.com",
            Role.TEMPLATE_ADMIN,
            Optional.of(Instant.parse("2026-01-02T03:04:05.678901Z")));
    insert(row);
    assertThat(find(row.id())).isEqualTo(row);
  }

  @Test
  void absentValuesAreNullInTheDatabase() {
    var row = new Row(new UserId(UuidV7.next()), "b@example.com", Role.MEMBER, Optional.empty());
    insert(row);
    assertThat(find(row.id())).isEqualTo(row);
  }

  @Test
  void aTransactionThatThrowsLeavesNothing() {
    var row = new Row(new UserId(UuidV7.next()), "c@example.com", Role.MEMBER, Optional.empty());
    assertThatThrownBy(() ->
            postgres
                .database()
                .useTransaction(handle -> {
                  handle.execute(
                      "INSERT INTO users (id, email, username, role) VALUES (?, ?, ?, ?)",
                      row.id(),
                      row.email(),
                      "c",
                      row.role());
                  throw new IllegalStateException("no");
                }))
        .isInstanceOf(IllegalStateException.class);
    long count =
        postgres
            .database()
            .with(handle ->
                handle
                    .createQuery("SELECT count(*) FROM users WHERE id = :id")
                    .bind("id", row.id())
                    .mapTo(Long.class)
                    .one());
    assertThat(count).isZero();
  }

  @Test
  void aDoubledKeyIsKnownAsSuch() {
    var row = new Row(new UserId(UuidV7.next()), "d@example.com", Role.MEMBER, Optional.empty());
    insert(row);
    assertThatThrownBy(() -> insert(row))
        .isInstanceOfSatisfying(
            JdbiException.class, e -> assertThat(Database.isUniqueViolation(e)).isTrue());
  }

  private static void insert(Row row) {
    postgres
        .database()
        .use(handle ->
            handle
                .createUpdate(
                    """
                    INSERT INTO users (id, email, username, role, suspended_at)
                    VALUES (:id, :email, :email, :role, :suspendedAt)
                    """)
                .bind("id", row.id())
                .bind("email", row.email())
                .bind("role", row.role())
                .bind("suspendedAt", row.suspendedAt())
                .execute());
  }

  private static Row find(UserId id) {
    return postgres
        .database()
        .with(handle ->
            handle
                .createQuery("SELECT id, email, role, suspended_at FROM users WHERE id = :id")
                .bind("id", id)
                .mapTo(Row.class)
                .one());
  }
}
