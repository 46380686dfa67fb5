package dev.warren.server.db;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Wake-ups between the replicas, by LISTEN and NOTIFY: small texts that say what may have changed.
/// Only hints. They are sent after the commit that they tell of, by one publisher that puts many
/// into one NOTIFY (one inside each transaction serializes all commits: 500 a second instead of
/// 3,500), and may get lost: who needs to know for certain polls.
///
/// Threads: one that publishes, one that listens, each with a connection of its own outside the
/// pool; listeners are called on the latter and must not block.
public final class Notifications implements AutoCloseable {
  /// Notes that wait to be published; more are dropped.
  static final int WAITING_MAX = 20_000;

  /// PostgreSQL takes payloads under 8,000 bytes; notes are ASCII.
  static final int PAYLOAD_CHARS_MAX = 7_500;

  private static final String CHANNEL = "warren";

  /// What comes within this time after the first note travels with it.
  private static final Duration GATHER = Duration.ofMillis(3);

  /// How long the listener's read waits before it looks whether its connection still lives.
  private static final Duration READ_MAX = Duration.ofSeconds(5);

  private static final Duration RETRY = Duration.ofMillis(300);
  private static final Logger log = LoggerFactory.getLogger(Notifications.class);

  private final Database database;
  private final String self = UUID.randomUUID().toString();
  private final Map<String, Consumer<String>> listeners = new ConcurrentHashMap<>();
  private final LinkedBlockingQueue<String> waiting = new LinkedBlockingQueue<>(WAITING_MAX);
  private final Thread publisher = Thread.ofVirtual().name("notify").unstarted(this::publishLoop);
  private final Thread listener = Thread.ofVirtual().name("listen").unstarted(this::listenLoop);
  private volatile Optional<Connection> listening = Optional.empty();
  private volatile boolean closed;

  public Notifications(Database database) {
    this.database = database;
  }

  /// Calls `listener` with the notes of this topic that other replicas publish. One a topic.
  ///
  /// @param topic one word
  public void listen(String topic, Consumer<String> listener) {
    listeners.put(topic, listener);
  }

  public void start() {
    publisher.start();
    listener.start();
  }

  /// Tells the other replicas, soon. Never waits.
  ///
  /// @param note ASCII without line breaks, at most a few hundred characters
  public void publish(String topic, String note) {
    if (!waiting.offer(topic + " " + note)) {
      log.debug("too many notes wait; {} is left to the polls", topic);
    }
  }

  /// Whether the listener has its connection, so that notes arrive.
  public boolean isListening() {
    return listening.isPresent();
  }

  private void publishLoop() {
    while (!closed) {
      try (Connection connection = database.connect()) {
        connection.setAutoCommit(true);
        publishOver(connection);
      } catch (SQLException e) {
        if (!closed) {
          log.debug("notes are dropped, the polls find what they told of", e);
          waiting.clear();
          pause();
        }
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void publishOver(Connection connection) throws SQLException, InterruptedException {
    try (PreparedStatement notify = connection.prepareStatement("SELECT pg_notify(?, ?)")) {
      while (!closed) {
        LinkedHashSet<String> notes = new LinkedHashSet<>();
        notes.add(waiting.take());
        TimeUnit.NANOSECONDS.sleep(GATHER.toNanos());
        waiting.drainTo(notes);
        for (String payload : payloads(notes)) {
          notify.setString(1, CHANNEL);
          notify.setString(2, payload);
          notify.execute();
        }
      }
    }
  }

  /// Puts notes together, each on a line, after a line that says who tells.
  private List<String> payloads(Iterable<String> notes) {
    List<String> payloads = new ArrayList<>();
    StringBuilder payload = new StringBuilder(self);
    for (String note : notes) {
      if (payload.length() + 1 + note.length() > PAYLOAD_CHARS_MAX) {
        payloads.add(payload.toString());
        payload = new StringBuilder(self);
      }
      payload.append('\n').append(note);
    }
    payloads.add(payload.toString());
    return payloads;
  }

  private void listenLoop() {
    while (!closed) {
      try (Connection connection = database.connect()) {
        try (Statement statement = connection.createStatement()) {
          statement.execute("LISTEN " + CHANNEL);
        }
        listening = Optional.of(connection);
        while (!closed) {
          PGNotification[] heard =
              connection
                  .unwrap(PGConnection.class)
                  .getNotifications(Math.toIntExact(READ_MAX.toMillis()));
          if (heard == null || heard.length == 0) {
            check(connection);
            continue;
          }
          for (PGNotification notification : heard) {
            hear(notification.getParameter());
          }
        }
      } catch (SQLException e) {
        if (!closed) {
          log.debug("not listening for notes; the polls go on", e);
        }
      } finally {
        listening = Optional.empty();
      }
      pause();
    }
  }

  private static void check(Connection connection) throws SQLException {
    if (!connection.isValid(Math.toIntExact(READ_MAX.toSeconds()))) {
      throw new SQLException("the connection that listens is broken");
    }
  }

  private void hear(String payload) {
    String[] lines = payload.split("\n");
    if (lines[0].equals(self)) {
      return;
    }
    for (int i = 1; i < lines.length; i++) {
      int space = lines[i].indexOf(' ');
      Consumer<String> to = space < 0 ? null : listeners.get(lines[i].substring(0, space));
      if (to == null) {
        continue;
      }
      try {
        to.accept(lines[i].substring(space + 1));
      } catch (RuntimeException e) {
        log.warn("a note could not be taken in: {}", lines[i], e);
      }
    }
  }

  private void pause() {
    if (closed) {
      return;
    }
    try {
      TimeUnit.NANOSECONDS.sleep(RETRY.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed = true;
    publisher.interrupt();
    // Its read ends when the connection does.
    listening.ifPresent(Notifications::closeQuietly);
    listener.interrupt();
  }

  private static void closeQuietly(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      log.debug("the connection that listened was broken already", e);
    }
  }
}
