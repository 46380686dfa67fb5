package dev.warren.server.agent;

import dev.warren.server.db.PostgresUrl;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Stands before a PostgreSQL: shut, it breaks all connections and takes no new one, as a server
/// that is down does.
final class DatabaseDoor implements AutoCloseable {
  private final int port;
  private final ServerSocket listener;
  private final Set<Socket> through = ConcurrentHashMap.newKeySet();
  private final AtomicInteger refused = new AtomicInteger();
  private volatile boolean shut;

  DatabaseDoor(int port) throws IOException {
    this.port = port;
    this.listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name("database-door").start(this::accept);
  }

  PostgresUrl of(PostgresUrl real) {
    return new PostgresUrl(
        "127.0.0.1",
        listener.getLocalPort(),
        real.database(),
        real.user(),
        real.password(),
        Map.of());
  }

  void shut() {
    shut = true;
    through.forEach(DatabaseDoor::close);
  }

  void open() {
    shut = false;
  }

  /// Connections that were turned away.
  int refused() {
    return refused.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        if (shut) {
          refused.incrementAndGet();
          close(client);
          continue;
        }
        Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
        through.add(client);
        through.add(server);
        Thread.ofVirtual().start(() -> carry(client, server));
        Thread.ofVirtual().start(() -> carry(server, client));
      }
    } catch (IOException e) {
      // The listener was closed.
      shut();
    }
  }

  private void carry(Socket from, Socket to) {
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      in.transferTo(out);
    } catch (IOException e) {
      close(to);
    } finally {
      through.remove(from);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    shut();
  }
}
