package dev.warren.server.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.HandleConsumer;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.postgres.PostgresPlugin;

/// The pool of connections to PostgreSQL. Records, one-field id records, enums and `Instant` are
/// bound and read as they are; a row becomes a record with `mapTo(SomeRecord.class)`.
public final class Database implements AutoCloseable {
  /// Connections a replica. Blocking code on virtual threads waits for one; more would only make
  /// PostgreSQL's processes compete.
  public static final int CONNECTIONS_MAX = 10;

  /// The longest wait for a free connection.
  public static final Duration CONNECTION_WAIT_MAX = Duration.ofSeconds(5);

  /// Oldest PostgreSQL that the migrations and queries are written for.
  public static final int SERVER_VERSION_MIN = 15;

  private final PostgresUrl url;
  private final HikariDataSource pool;
  private final Jdbi jdbi;

  private Database(PostgresUrl url, HikariDataSource pool) {
    this.url = url;
    this.pool = pool;
    this.jdbi = Jdbi.create(pool).installPlugin(new PostgresPlugin());
    IdRecords.register(jdbi);
  }

  /// Connects, checks the server's version and brings the schema up to date.
  ///
  /// @throws DatabaseException when the server cannot be reached or is too old
  public static Database open(PostgresUrl url) {
    checkVersion(url);
    Migrations.run(url);
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url.jdbcUrl());
    config.setDataSourceProperties(url.driverProperties());
    config.setMaximumPoolSize(CONNECTIONS_MAX);
    config.setConnectionTimeout(CONNECTION_WAIT_MAX.toMillis());
    config.setInitializationFailTimeout(-1);
    config.setPoolName("database");
    return new Database(url, new HikariDataSource(config));
  }

  private static void checkVersion(PostgresUrl url) {
    try (Connection connection = connect(url)) {
      int version = connection.getMetaData().getDatabaseMajorVersion();
      if (version < SERVER_VERSION_MIN) {
        throw new DatabaseException(
            url + " is PostgreSQL " + version + "; " + SERVER_VERSION_MIN + " or newer is needed",
            new SQLException("server too old"));
      }
    } catch (SQLException e) {
      throw new DatabaseException("cannot connect to " + url + ": " + e.getMessage(), e);
    }
  }

  /// A connection of its own, outside the pool: for LISTEN and session locks.
  public Connection connect() throws SQLException {
    return connect(url);
  }

  static Connection connect(PostgresUrl url) throws SQLException {
    return DriverManager.getConnection(url.jdbcUrl(), url.driverProperties());
  }

  public PostgresUrl url() {
    return url;
  }

  /// Runs `work` in one transaction, which commits when it returns and rolls back when it throws.
  public <T, X extends Exception> T inTransaction(HandleCallback<T, X> work) throws X {
    try {
      return jdbi.inTransaction(work);
    } catch (ConnectionException e) {
      throw unreachable(e);
    } catch (JdbiException e) {
      throw brokenOr(e);
    }
  }

  /// As [#inTransaction], for work without a result.
  public <X extends Exception> void useTransaction(HandleConsumer<X> work) throws X {
    inTransaction(handle -> {
      work.useHandle(handle);
      return true;
    });
  }

  /// Runs `work` on a connection where each statement commits by itself.
  public <T, X extends Exception> T with(HandleCallback<T, X> work) throws X {
    try {
      return jdbi.withHandle(work);
    } catch (ConnectionException e) {
      throw unreachable(e);
    } catch (JdbiException e) {
      throw brokenOr(e);
    }
  }

  /// As [#with], for work without a result.
  public <X extends Exception> void use(HandleConsumer<X> work) throws X {
    with(handle -> {
      work.useHandle(handle);
      return true;
    });
  }

  /// Whether the database answers now.
  public boolean isReady() {
    try {
      return with(handle -> handle.createQuery("SELECT 1").mapTo(Integer.class).one()) == 1;
    } catch (DatabaseException | JdbiException e) {
      return false;
    }
  }

  /// Whether `e` says that a unique constraint was hit.
  public static boolean isUniqueViolation(JdbiException e) {
    return "23505".equals(sqlState(e));
  }

  /// Whether `e` says that a referenced row is missing, or still referenced.
  public static boolean isForeignKeyViolation(JdbiException e) {
    return "23503".equals(sqlState(e));
  }

  private static String sqlState(JdbiException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && sql.getSQLState() != null) {
        return sql.getSQLState();
      }
    }
    return "";
  }

  private DatabaseException unreachable(Exception e) {
    return new DatabaseException("cannot reach the database " + url, e);
  }

  /// A broken connection (class 08) or a server that goes down (57P) reads as unreachable; anything
  /// else is the statement's own fault and stays what it is.
  private RuntimeException brokenOr(JdbiException e) {
    String state = sqlState(e);
    return state.startsWith("08") || state.startsWith("57P") ? unreachable(e) : e;
  }

  @Override
  public void close() {
    pool.close();
  }

  /// Locks nothing and waits for nothing: for a test kit that must know that no connection leaked.
  public int busyConnections() {
    return pool.getHikariPoolMXBean().getActiveConnections();
  }

  /// A handle for a caller that needs one over several calls; close it.
  public Handle handle() {
    return jdbi.open();
  }
}
