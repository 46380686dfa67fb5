package dev.warren.bench.chaos;

import dev.warren.server.db.EmbeddedPostgres;
import dev.warren.server.db.PostgresUrl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The PostgreSQL of a run, with fsync on, behind a gate, so that it is found at one port after it
/// was killed and started again.
final class Database implements AutoCloseable {
  private static final int LAUNCHES_MAX = 20;

  private final Path folder;
  private final TcpGate gate;
  private EmbeddedPostgres postgres;

  Database(Path folder, long seed) {
    this.folder = folder;
    this.gate = new TcpGate(seed);
    this.postgres = launch();
  }

  /// A killed one may stand in its own way for a moment, until it was reaped.
  private EmbeddedPostgres launch() {
    for (int attempt = 1; ; attempt++) {
      try {
        return tryLaunch();
      } catch (UncheckedIOException e) {
        if (attempt == LAUNCHES_MAX) {
          throw e;
        }
        TcpGate.pause(Duration.ofMillis(300));
      }
    }
  }

  private EmbeddedPostgres tryLaunch() {
    try {
      Path programs = Path.of(System.getProperty("user.home"), ".cache", "warren");
      EmbeddedPostgres started =
          EmbeddedPostgres.start(programs, folder, Map.of("max_connections", "200"), line -> {});
      gate.lead(List.of(started.url().port()));
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  String url() {
    PostgresUrl url = postgres.url();
    return "postgresql://%s:%s@127.0.0.1:%d/%s"
        .formatted(url.user(), url.password(), gate.port(), url.database());
  }

  TcpGate gate() {
    return gate;
  }

  /// `kill -9`, and a new start.
  void crash() {
    long pid = postgres.pid();
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    while (ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent()) {
      TcpGate.pause(Duration.ofMillis(20));
    }
    postgres = launch();
  }

  /// Rows, each its columns as text.
  List<List<String>> rows(String sql) {
    PostgresUrl url = postgres.url();
    String jdbc = "jdbc:postgresql://127.0.0.1:" + url.port() + "/" + url.database();
    try (Connection connection = DriverManager.getConnection(jdbc, url.user(), url.password());
        var statement = connection.createStatement();
        var result = statement.executeQuery(sql)) {
      List<List<String>> rows = new ArrayList<>();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.add(String.valueOf(result.getString(i)));
        }
        rows.add(row);
      }
      return rows;
    } catch (SQLException e) {
      throw new IllegalStateException("cannot run " + sql, e);
    }
  }

  @Override
  public void close() {
    gate.close();
    postgres.close();
  }
}
