package dev.warren.server.db;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.HandleConsumer;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A database of its own for a test class, on a real PostgreSQL that all test classes of the JVM
/// share. Use it as
///
/// ```java
/// @RegisterExtension static final PostgresForTests postgres = new PostgresForTests();
/// ```
///
/// and take [#database()] in the tests; or [#create()] where no extension fits.
public final class PostgresForTests implements BeforeAllCallback, AfterAllCallback {
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static EmbeddedPostgres server;

  private Database database;

  @Override
  public void beforeAll(ExtensionContext context) {
    database = create();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    database.close();
  }

  public Database database() {
    return database;
  }

  /// Makes up a state that no transition leads to: writes past the triggers that refuse it.
  public static void makeUp(Database database, HandleConsumer<RuntimeException> work) {
    database.useTransaction(handle -> {
      handle.execute("SET LOCAL session_replication_role = replica");
      work.useHandle(handle);
    });
  }

  /// A fresh, migrated database; the caller closes it.
  public static Database create() {
    return Database.open(createEmpty(true));
  }

  /// Where a fresh database is: migrated, or quite empty.
  public static PostgresUrl createEmpty(boolean migrated) {
    PostgresUrl admin = start().url();
    String name = "test_" + NUMBER.incrementAndGet();
    try (var connection = Database.connect(admin.withDatabase("postgres"));
        var statement = connection.createStatement()) {
      statement.execute(
          "CREATE DATABASE " + name + " TEMPLATE " + (migrated ? "warren" : "template0"));
    } catch (SQLException e) {
      throw new IllegalStateException("cannot create the database " + name, e);
    }
    return admin.withDatabase(name);
  }

  private static synchronized EmbeddedPostgres start() {
    if (server != null) {
      return server;
    }
    try {
      // The programs are kept between runs, the data is not.
      String user = System.getProperty("user.name");
      Path programs = Path.of(System.getProperty("java.io.tmpdir"), "warren-test-" + user);
      Path folder = Files.createTempDirectory("warren-postgres-");
      server =
          EmbeddedPostgres.start(
              programs,
              folder,
              Map.of("fsync", "off", "synchronous_commit", "off", "full_page_writes", "off"),
              line -> {});
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, folder)));
      Migrations.run(server.url());
      guard(server.url());
      return server;
    } catch (IOException | InterruptedException | SQLException e) {
      throw new IllegalStateException("PostgreSQL for the tests does not start", e);
    }
  }

  /// Every database of the tests is a copy of this one.
  private static void guard(PostgresUrl template) throws IOException, SQLException {
    try (var sql =
            PostgresForTests.class.getResourceAsStream("/db/only-transitions-write-chats.sql");
        var connection = Database.connect(template);
        var statement = connection.createStatement()) {
      statement.execute(new String(sql.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private static void stop(EmbeddedPostgres server, Path folder) {
    server.close();
    try {
      PostgresBinaries.delete(folder);
    } catch (IOException e) {
      throw new IllegalStateException("left behind: " + folder, e);
    }
  }
}
