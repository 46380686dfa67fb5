package dev.warren.server.identity;

import dev.warren.server.access.Role;
import dev.warren.server.access.UserId;
import dev.warren.server.db.Database;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;

/// The tables of users and of what lets the first one in.
final class UserStore {
  private static final String COLUMNS =
      "id, email, username, role, suspended_at IS NOT NULL AS suspended, created_at, last_seen_at";

  private final Database database;

  UserStore(Database database) {
    this.database = database;
  }

  /// What came of a change.
  enum Change {
    DONE,
    NO_SUCH_USER,
    /// Another user has this email or name.
    TAKEN,
    /// There would be no administrator left who can sign in.
    LAST_ADMIN,
    /// The user owns what must not go with him.
    OWNS_THINGS,
    /// There is a user already, so the first one is not to be made.
    NOT_FIRST
  }

  record NewUser(
      UserId id, String email, String username, Role role, Optional<String> passwordHash) {}

  record PasswordOf(UserId id, Optional<String> passwordHash, Optional<Instant> suspendedAt) {}

  boolean hasUsers() {
    return database.with(handle ->
        handle.createQuery("SELECT EXISTS (SELECT 1 FROM users)").mapTo(Boolean.class).one());
  }

  Change insert(NewUser user) {
    try {
      database.useTransaction(handle -> insert(handle, user));
      return Change.DONE;
    } catch (JdbiException e) {
      return takenOr(e);
    }
  }

  /// Makes the first user, unless there is one: two starts at the same time make one.
  Change insertFirst(NewUser user) {
    return database.inTransaction(handle -> {
      handle.execute("LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE");
      boolean some =
          handle.createQuery("SELECT EXISTS (SELECT 1 FROM users)").mapTo(Boolean.class).one();
      if (some) {
        return Change.NOT_FIRST;
      }
      insert(handle, user);
      handle.execute("DELETE FROM setup_codes");
      return Change.DONE;
    });
  }

  private static void insert(Handle handle, NewUser user) {
    handle
        .createUpdate(
            """
            INSERT INTO users (id, email, username, role, password_hash)
            VALUES (:id, :email, :username, :role, :passwordHash)
            """)
        .bind("id", user.id())
        .bind("email", user.email())
        .bind("username", user.username())
        .bind("role", user.role())
        .bind("passwordHash", user.passwordHash())
        .execute();
  }

  private static Change takenOr(JdbiException e) {
    if (Database.isUniqueViolation(e)) {
      return Change.TAKEN;
    }
    throw e;
  }

  Optional<User> find(UserId id) {
    return database.with(handle ->
        handle
            .createQuery("SELECT " + COLUMNS + " FROM users WHERE id = :id")
            .bind("id", id)
            .mapTo(User.class)
            .findOne());
  }

  Optional<PasswordOf> findPassword(String email) {
    return database.with(handle ->
        handle
            .createQuery(
                "SELECT id, password_hash, suspended_at FROM users WHERE lower(email) = lower(:email)")
            .bind("email", email)
            .mapTo(PasswordOf.class)
            .findOne());
  }

  List<User> list(Optional<UUID> after, Optional<String> search, int limit) {
    return database.with(handle ->
        handle
            .createQuery(
                """
                SELECT %s FROM users
                WHERE (CAST(:after AS uuid) IS NULL OR id > :after)
                  AND (CAST(:search AS text) IS NULL
                       OR strpos(lower(username), lower(:search)) > 0
                       OR strpos(lower(email), lower(:search)) > 0)
                ORDER BY id LIMIT :limit
                """
                    .formatted(COLUMNS))
            .bind("after", after)
            .bind("search", search)
            .bind("limit", limit)
            .mapTo(User.class)
            .list());
  }

  /// What is to be another; the absent stays.
  record Edit(
      Optional<String> email,
      Optional<String> username,
      Optional<Role> role,
      Optional<String> passwordHash,
      Optional<Boolean> suspended) {}

  Change update(UserId id, Edit edit, Instant now) {
    try {
      return database.inTransaction(handle -> {
        lockAdmins(handle);
        int changed =
            handle
                .createUpdate(
                    """
                    UPDATE users SET
                        email = coalesce(:email, email),
                        username = coalesce(:username, username),
                        role = coalesce(:role, role),
                        password_hash = coalesce(:passwordHash, password_hash),
                        suspended_at = CASE
                            WHEN CAST(:suspended AS boolean) IS NULL THEN suspended_at
                            WHEN :suspended THEN coalesce(suspended_at, :now)
                            END,
                        updated_at = :now
                    WHERE id = :id
                    """)
                .bind("id", id)
                .bind("email", edit.email())
                .bind("username", edit.username())
                .bind("role", edit.role().map(Role::toString))
                .bind("passwordHash", edit.passwordHash())
                .bind("suspended", edit.suspended())
                .bind("now", now)
                .execute();
        return changed == 0 ? Change.NO_SUCH_USER : doneUnlessLastAdmin(handle);
      });
    } catch (JdbiException e) {
      return takenOr(e);
    }
  }

  Change delete(UserId id) {
    try {
      return database.inTransaction(handle -> {
        lockAdmins(handle);
        int changed = handle.execute("DELETE FROM users WHERE id = ?", id);
        return changed == 0 ? Change.NO_SUCH_USER : doneUnlessLastAdmin(handle);
      });
    } catch (JdbiException e) {
      if (Database.isForeignKeyViolation(e)) {
        return Change.OWNS_THINGS;
      }
      throw e;
    }
  }

  /// Two administrators who demote each other at the same time must not both succeed.
  private static void lockAdmins(Handle handle) {
    handle
        .createQuery("SELECT id FROM users WHERE role = 'admin' ORDER BY id FOR UPDATE")
        .mapTo(UserId.class)
        .list();
  }

  private static Change doneUnlessLastAdmin(Handle handle) {
    boolean some =
        handle
            .createQuery(
                "SELECT EXISTS (SELECT 1 FROM users WHERE role = 'admin' AND suspended_at IS NULL)")
            .mapTo(Boolean.class)
            .one();
    if (some) {
      return Change.DONE;
    }
    handle.rollback();
    return Change.LAST_ADMIN;
  }

  void seen(UserId id, Instant now) {
    database.use(
        handle -> handle.execute("UPDATE users SET last_seen_at = ? WHERE id = ?", now, id));
  }

  void addSetupCode(byte[] hash, Instant now) {
    database.use(handle ->
        handle.execute("INSERT INTO setup_codes (hash, created_at) VALUES (?, ?)", hash, now));
  }

  boolean knowsSetupCode(byte[] hash) {
    return database.with(handle ->
        handle
            .createQuery("SELECT EXISTS (SELECT 1 FROM setup_codes WHERE hash = :hash)")
            .bind("hash", hash)
            .mapTo(Boolean.class)
            .one());
  }
}
