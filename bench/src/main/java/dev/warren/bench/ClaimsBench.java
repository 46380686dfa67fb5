package dev.warren.bench;

import dev.warren.protocol.UuidV7;
import dev.warren.server.chat.ChatSignals;
import dev.warren.server.chat.ChatTransitions;
import dev.warren.server.db.Database;
import dev.warren.server.db.EmbeddedPostgres;
import dev.warren.server.db.PostgresUrl;
import dev.warren.server.replica.ReplicaId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// How fast pending chats are taken: 10,000 of them, of 100 users, by 8 workers, on a PostgreSQL
/// with fsync on.
final class ClaimsBench implements Benchmark {
  private static final int CHATS = 10_000;
  private static final int USERS = 100;
  private static final int WORKERS = 8;

  @Override
  public String name() {
    return "claims";
  }

  @Override
  public void run(Path folder) {
    Path programs = Path.of(System.getProperty("user.home"), ".cache", "warren");
    try (EmbeddedPostgres postgres =
            EmbeddedPostgres.start(programs, folder.resolve("postgres"), Map.of(), line -> {});
        Database database = Database.open(postgres.url())) {
      Table table =
          new Table(
              "Claims of 10,000 pending chats by 8 workers",
              "chats a claim",
              "claims/s",
              "chats/s");
      for (int slots : List.of(1, 16)) {
        fill(postgres.url());
        long began = System.nanoTime();
        int[] done = claimAll(database, slots);
        double seconds = (System.nanoTime() - began) / 1e9;
        if (done[1] != CHATS) {
          throw new IllegalStateException("claimed " + done[1] + " chats of " + CHATS);
        }
        table.row(
            Integer.toString(slots),
            "%.0f".formatted(done[0] / seconds),
            "%.0f".formatted(done[1] / seconds));
      }
      table.print(System.out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void fill(PostgresUrl url) {
    String jdbc = "jdbc:postgresql://%s:%d/%s".formatted(url.host(), url.port(), url.database());
    try (Connection connection = DriverManager.getConnection(jdbc, url.user(), url.password());
        var statement = connection.createStatement()) {
      statement.execute("DELETE FROM chats");
      statement.execute(
          """
          INSERT INTO users (id, email, username, role)
          SELECT gen_random_uuid(), 'u' || n || '@example.org', 'u' || n, 'member'
          FROM generate_series(1, %d) n ON CONFLICT DO NOTHING
          """
              .formatted(USERS));
      statement.execute(
          """
          INSERT INTO chats (id, owner_id, title, title_source, status, labels, version)
          SELECT gen_random_uuid(), u.id, 'a chat', 'prompt', 'pending', '{}', 1
          FROM users u, generate_series(1, %d)
          """
              .formatted(CHATS / USERS));
      statement.execute("ANALYZE");
    } catch (SQLException e) {
      throw new IllegalStateException("cannot make the chats", e);
    }
  }

  /// @return claims, and chats that were claimed
  private static int[] claimAll(Database database, int slots) throws InterruptedException {
    AtomicInteger claims = new AtomicInteger();
    AtomicInteger chats = new AtomicInteger();
    List<Thread> workers = new ArrayList<>();
    for (int i = 0; i < WORKERS; i++) {
      ReplicaId replica = new ReplicaId(UuidV7.next());
      ChatTransitions transitions = new ChatTransitions(database, new ChatSignals());
      workers.add(
          Thread.ofVirtual()
              .start(() -> {
                while (chats.get() < CHATS) {
                  int taken = transitions.worker().claim(replica, slots, CHATS).size();
                  claims.addAndGet(taken > 0 ? 1 : 0);
                  chats.addAndGet(taken);
                }
              }));
    }
    for (Thread worker : workers) {
      worker.join();
    }
    return new int[] {claims.get(), chats.get()};
  }
}
