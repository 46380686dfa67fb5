package dev.warren.llm.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The connections to one provider. An idle one is used again within a short time, which saves a
/// step of a turn its TLS handshake; there is no limit to those in use, since each is one stream.
final class ConnectionPool implements AutoCloseable {
  /// Idle connections that are kept.
  static final int IDLE_MAX = 32;

  /// Well below the time after which servers close idle connections (commonly 60 s).
  static final Duration IDLE_TTL = Duration.ofSeconds(20);

  /// How long the end of a body may take before its connection is given up.
  private static final Duration FINISH_WAIT = Duration.ofSeconds(1);

  private final Dialer dialer;

  @GuardedBy("this")
  private final Deque<Idle> idle = new ArrayDeque<>();

  @GuardedBy("this")
  private final Set<HttpConnection> used = new HashSet<>();

  @GuardedBy("this")
  private boolean closed;

  ConnectionPool(Dialer dialer) {
    this.dialer = dialer;
  }

  private record Idle(HttpConnection connection, long sinceNanos) {}

  /// A connection that was used before, or none. It may have been closed by the other side.
  Optional<HttpConnection> reuse() {
    synchronized (this) {
      while (!idle.isEmpty()) {
        Idle newest = idle.removeLast();
        if (System.nanoTime() - newest.sinceNanos < IDLE_TTL.toNanos()) {
          used.add(newest.connection);
          return Optional.of(newest.connection);
        }
        newest.connection.close();
      }
    }
    return Optional.empty();
  }

  HttpConnection open() throws IOException {
    HttpConnection connection = HttpConnection.open(dialer);
    synchronized (this) {
      if (!closed) {
        used.add(connection);
        return connection;
      }
    }
    connection.close();
    throw new IOException("the provider was closed");
  }

  /// Takes a connection back after an answer of which all that matters was read. The rest is read
  /// on a thread of its own, so that nobody waits for it.
  void release(HttpConnection connection, HttpConnection.Body body) {
    Thread.ofVirtual()
        .name("provider-connection-release")
        .start(() -> {
          if (body.finish(FINISH_WAIT)) {
            keep(connection);
          } else {
            drop(connection);
          }
        });
  }

  private void keep(HttpConnection connection) {
    synchronized (this) {
      used.remove(connection);
      if (!closed && idle.size() < IDLE_MAX) {
        idle.addLast(new Idle(connection, System.nanoTime()));
        return;
      }
    }
    connection.close();
  }

  void drop(HttpConnection connection) {
    synchronized (this) {
      used.remove(connection);
    }
    connection.close();
  }

  @Override
  public void close() {
    List<HttpConnection> all;
    synchronized (this) {
      closed = true;
      used.addAll(idle.stream().map(Idle::connection).toList());
      idle.clear();
      all = List.copyOf(used);
      used.clear();
    }
    all.forEach(HttpConnection::close);
  }
}
