package dev.warren.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.stream.Stream;

/// The database that a control plane runs under its data folder: its counters, and a way to put a
/// long history there that nobody would wait for.
final class Postgres implements AutoCloseable {
  private final Connection connection;

  Postgres(Path data) {
    try (Stream<Path> files = Files.find(data, 5, (path, _) -> path.endsWith("postmaster.pid"))) {
      Path pid = files.findFirst().orElseThrow();
      String port = Files.readAllLines(pid).get(3).strip();
      String password = Files.readString(pid.resolve("../../password").normalize()).strip();
      this.connection =
          DriverManager.getConnection(
              "jdbc:postgresql://127.0.0.1:" + port + "/warren", "warren", password);
    } catch (IOException e) {
      throw new UncheckedIOException("no database under " + data, e);
    } catch (SQLException e) {
      throw new IllegalStateException("cannot connect to the database under " + data, e);
    }
  }

  /// What the database has done since it started.
  ///
  /// @param rowsRead that were fetched through an index or scanned
  /// @param blocks of 8 KiB that were looked at
  record Work(long transactions, long rowsRead, long rowsWritten, long blocks) {
    Work minus(Work earlier) {
      return new Work(
          transactions - earlier.transactions,
          rowsRead - earlier.rowsRead,
          rowsWritten - earlier.rowsWritten,
          blocks - earlier.blocks);
    }
  }

  /// The counters, which the server's processes bring up to date about once a second.
  Work work() {
    try (PreparedStatement statement =
            connection.prepareStatement(
                """
                SELECT xact_commit + xact_rollback, tup_returned, tup_inserted + tup_updated + tup_deleted,
                       blks_hit + blks_read
                FROM pg_stat_database WHERE datname = current_database()
                """);
        ResultSet row = statement.executeQuery()) {
      row.next();
      return new Work(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4));
    } catch (SQLException e) {
      throw new IllegalStateException("cannot read the database's counters", e);
    }
  }

  /// Puts answered questions behind what a waiting chat has said so far.
  ///
  /// @param messages half of them the user's
  void lengthen(String chat, int messages) {
    run(
        """
        INSERT INTO messages (id, chat_id, seq, inserted_version, version, role, parts, finish)
        SELECT gen_random_uuid(), c.id, c.next_seq + n, c.version, c.version,
               CASE WHEN n % 2 = 0 THEN 'user' ELSE 'assistant' END,
               json_build_array(json_build_object('type', 'text', 'text',
                 'Message ' || n || ' of a long conversation. ' || repeat('Some words of it. ', 12))),
               CASE WHEN n % 2 = 1 THEN 'stop' END
        FROM chats c, generate_series(0, ? - 1) n WHERE c.id = ?::uuid
        """,
        messages, chat);
    run("UPDATE chats SET next_seq = next_seq + ? WHERE id = ?::uuid", messages, chat);
    run("ANALYZE messages");
    // Else what was put in here counts as work that is done later.
    run("SELECT pg_stat_force_next_flush()");
  }

  private void run(String sql, Object... arguments) {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < arguments.length; i++) {
        statement.setObject(i + 1, arguments[i]);
      }
      statement.execute();
    } catch (SQLException e) {
      throw new IllegalStateException("cannot run " + sql, e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException("cannot close the connection", e);
    }
  }
}
