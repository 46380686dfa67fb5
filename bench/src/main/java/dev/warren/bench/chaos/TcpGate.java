package dev.warren.bench.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// A port that leads to one of several others, chosen anew for each connection, as a load
/// balancer's does; its connections can be cut.
final class TcpGate implements AutoCloseable {
  private static final int CONNECT_MS = 1_000;
  private static final int BUFFER_BYTES = 16 * 1024;

  private final ServerSocket server;
  private final Random random;
  private final List<Integer> targets = new CopyOnWriteArrayList<>();
  private final Set<Link> links = ConcurrentHashMap.newKeySet();

  TcpGate(long seed) {
    this.random = new Random(seed);
    try {
      this.server = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().name("gate").start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  void lead(List<Integer> ports) {
    targets.clear();
    targets.addAll(ports);
  }

  /// Cuts each connection with this likelihood, as a broken network does.
  void cut(double likelihood) {
    for (Link link : links) {
      if (random.nextDouble() < likelihood) {
        link.close();
      }
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        Thread.ofVirtual().start(() -> connect(client));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void connect(Socket client) {
    List<Integer> left = new java.util.ArrayList<>(targets);
    while (!left.isEmpty()) {
      int port = left.remove(/* index */ random.nextInt(left.size()));
      Socket upstream = new Socket();
      try {
        upstream.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MS);
        Link link = new Link(client, upstream);
        links.add(link);
        link.start();
        return;
      } catch (IOException e) {
        close(upstream);
      }
    }
    close(client);
  }

  private final class Link {
    private final Socket client;
    private final Socket upstream;

    private Link(Socket client, Socket upstream) {
      this.client = client;
      this.upstream = upstream;
    }

    private void start() {
      Thread.ofVirtual().start(() -> pump(client, upstream));
      Thread.ofVirtual().start(() -> pump(upstream, client));
    }

    private void pump(Socket from, Socket to) {
      try (InputStream in = from.getInputStream();
          OutputStream out = to.getOutputStream()) {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          out.write(buffer, 0, read);
        }
      } catch (IOException e) {
        // Either end is gone.
      } finally {
        close();
      }
    }

    private void close() {
      links.remove(this);
      TcpGate.close(client);
      TcpGate.close(upstream);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      // It is closed already.
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List.copyOf(links).forEach(Link::close);
  }

  static void pause(Duration duration) {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
