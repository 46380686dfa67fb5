package dev.warren.server.db;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/// Brings a database's schema up to date, on a connection of its own. Replicas that start together
/// wait for one another on an advisory lock.
final class Migrations {
  private Migrations() {}

  static void run(PostgresUrl url) {
    try {
      Flyway.configure(Migrations.class.getClassLoader())
          .dataSource(new DirectDataSource(url))
          .locations("classpath:db/migration")
          .validateMigrationNaming(true)
          .load()
          .migrate();
    } catch (FlywayException e) {
      throw new DatabaseException(
          "cannot bring the schema of " + url + " up to date: " + e.getMessage(), e);
    }
  }
}
