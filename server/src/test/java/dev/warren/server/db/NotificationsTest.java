package dev.warren.server.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Notes between two replicas over a real PostgreSQL.
final class NotificationsTest {
  @RegisterExtension static final PostgresForTests postgres = new PostgresForTests();

  private static final long WAIT_S = 20;

  private final LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final LinkedBlockingQueue<String> echoes = new LinkedBlockingQueue<>();
  private Notifications sender;
  private Notifications receiver;

  @BeforeEach
  void start() {
    sender = new Notifications(postgres.database());
    receiver = new Notifications(postgres.database());
    sender.listen("chat", echoes::add);
    receiver.listen("chat", heard::add);
    sender.start();
    receiver.start();
    await(receiver::isListening);
    await(sender::isListening);
  }

  @AfterEach
  void stop() {
    sender.close();
    receiver.close();
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private String next() throws InterruptedException {
    return heard.poll(WAIT_S, TimeUnit.SECONDS);
  }

  @Test
  void theOthersHearWhatOnePublishesInOrder() throws Exception {
    List<String> notes = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      notes.add("note number " + i);
    }
    notes.forEach(note -> sender.publish("chat", note));
    for (String note : notes) {
      assertThat(next()).isEqualTo(note);
    }
    assertThat(echoes).as("who publishes does not hear himself").isEmpty();
  }

  @Test
  void whatNobodyWaitsForIsDropped() throws Exception {
    sender.publish("weather", "rain");
    sender.publish("chat", "one");
    assertThat(next()).isEqualTo("one");
  }

  @Test
  void itListensAgainWhenItsConnectionBreaks() throws Exception {
    postgres
        .database()
        .use(handle ->
            handle.execute(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND query LIKE 'LISTEN%'
                """));
    String note = null;
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
    while (note == null && System.nanoTime() < deadline) {
      sender.publish("chat", "still there?");
      note = heard.poll(100, TimeUnit.MILLISECONDS);
    }
    assertThat(note).isEqualTo("still there?");
  }
}
