package dev.warren.server.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedPostgresTest {
  private static final Path PROGRAMS =
      Path.of(
          System.getProperty("java.io.tmpdir"), "warren-test-" + System.getProperty("user.name"));

  @TempDir Path folder;
  private final List<String> progress = new ArrayList<>();

  private EmbeddedPostgres start() throws IOException, InterruptedException {
    return EmbeddedPostgres.start(PROGRAMS, folder.resolve("postgres"), Map.of(), progress::add);
  }

  private static void execute(EmbeddedPostgres postgres, String statement) throws SQLException {
    try (Connection connection = Database.connect(postgres.url());
        var run = connection.createStatement()) {
      run.execute(statement);
    }
  }

  private static int count(EmbeddedPostgres postgres) throws SQLException {
    try (Connection connection = Database.connect(postgres.url());
        var run = connection.createStatement();
        var rows = run.executeQuery("SELECT count(*) FROM kept")) {
      rows.next();
      return rows.getInt(1);
    }
  }

  @Test
  void dataIsKeptOverStopCrashAndAdoption() throws Exception {
    long killed;
    try (EmbeddedPostgres first = start()) {
      execute(first, "CREATE TABLE kept (n int)");
      execute(first, "INSERT INTO kept VALUES (1)");
      assertThat(progress).contains("Preparing the database (once)");

      // A server whose JVM was killed: the next one adopts it as it is.
      EmbeddedPostgres adopted = start();
      assertThat(adopted.pid()).isEqualTo(first.pid());
      assertThat(adopted.url()).isEqualTo(first.url());
      assertThat(count(adopted)).isEqualTo(1);
      killed = adopted.pid();
    }
    assertThat(ProcessHandle.of(killed).filter(ProcessHandle::isAlive)).isEmpty();

    progress.clear();
    try (EmbeddedPostgres second = start()) {
      assertThat(progress).isEmpty();
      assertThat(count(second)).isEqualTo(1);
      execute(second, "INSERT INTO kept VALUES (2)");
      // The machine's own crash: nothing is flushed, the log is replayed.
      kill(second.pid());
    }
    try (EmbeddedPostgres third = start()) {
      assertThat(count(third)).isEqualTo(2);
    }
  }

  @Test
  void aServerThatDoesNotAnswerIsReplaced() throws Exception {
    EmbeddedPostgres first = start();
    long deaf = first.pid();
    new ProcessBuilder("kill", "-STOP", Long.toString(deaf)).start().waitFor();
    try (EmbeddedPostgres second = start()) {
      assertThat(second.pid()).isNotEqualTo(deaf);
      assertThat(ProcessHandle.of(deaf).filter(ProcessHandle::isAlive)).isEmpty();
    }
  }

  @Test
  void nobodyElseGetsIn() throws Exception {
    try (EmbeddedPostgres postgres = start()) {
      PostgresUrl url = postgres.url();
      for (String password : List.of("", "warren", "wrong")) {
        assertThatThrownBy(() -> DriverManager.getConnection(url.jdbcUrl(), "warren", password))
            .isInstanceOf(SQLException.class);
      }
      Path password = folder.resolve("postgres/password");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(password)))
          .isEqualTo("rw-------");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(password.getParent())))
          .isEqualTo("rwx------");
      try (Connection connection = Database.connect(url);
          var run = connection.createStatement();
          var rows =
              run.executeQuery(
                  "SELECT current_setting('fsync'), current_setting('listen_addresses')")) {
        rows.next();
        assertThat(rows.getString(1)).isEqualTo("on");
        assertThat(rows.getString(2)).isEqualTo("127.0.0.1");
      }
    }
  }

  private static void kill(long pid) throws IOException, InterruptedException {
    // All of it: the postmaster's children are in its session.
    List<ProcessHandle> all = ProcessHandle.of(pid).orElseThrow().descendants().toList();
    new ProcessBuilder("kill", "-KILL", Long.toString(pid)).start().waitFor();
    for (ProcessHandle child : all) {
      child.destroyForcibly();
    }
    for (ProcessHandle child : all) {
      child.onExit().join();
    }
  }
}
