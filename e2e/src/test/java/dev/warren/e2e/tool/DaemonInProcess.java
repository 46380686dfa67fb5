package dev.warren.e2e.tool;

import dev.warren.daemon.Daemon;
import dev.warren.server.workspace.daemon.DaemonClient;
import dev.warren.server.workspace.daemon.DaemonStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/// A daemon with a home in a temporary folder, which can be stopped and started again. Streams are
/// connections of a Unix socket.
final class DaemonInProcess implements AutoCloseable {
  private final Path home;
  private final Path state;
  private final AtomicReference<Daemon> daemon = new AtomicReference<>();
  private final ServerSocketChannel listener;
  private final Path socket;

  DaemonInProcess(Path folder) throws IOException {
    this.home = Files.createDirectories(folder.resolve("home"));
    this.state = folder.resolve("state");
    this.socket = folder.resolve("s");
    this.listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listener.bind(UnixDomainSocketAddress.of(socket));
    Thread.ofVirtual().start(this::serve);
    restart();
  }

  Path home() {
    return home;
  }

  /// As if the daemon had died and its supervisor had started it anew.
  void restart() throws IOException {
    Daemon old = daemon.getAndSet(null);
    if (old != null) {
      old.close();
    }
    Daemon fresh =
        new Daemon(state, home, Map.of("PATH", System.getenv("PATH")), Clock.systemUTC());
    fresh.start();
    daemon.set(fresh);
  }

  /// Deletes the state folder under the living daemon.
  void loseDisk() throws IOException {
    try (Stream<Path> files = Files.walk(state)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  /// Forgets all outcomes, as a rebuilt workspace does.
  void loseStore() throws IOException {
    daemon.get().close();
    Files.delete(state.resolve("store-id"));
    daemon.set(null);
    restart();
  }

  DaemonClient client() {
    return new DaemonClient(this::open);
  }

  private DaemonStream open(Duration within) {
    try {
      SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
      return new OverSocket(
          channel, Channels.newInputStream(channel), Channels.newOutputStream(channel));
    } catch (IOException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private void serve() {
    while (listener.isOpen()) {
      try {
        SocketChannel channel = listener.accept();
        Thread.ofVirtual()
            .start(() -> {
              try (channel) {
                Daemon current = daemon.get();
                if (current != null) {
                  current.serveHttp(
                      Channels.newInputStream(channel), Channels.newOutputStream(channel));
                  superviseAfter(current);
                }
              } catch (IOException gone) {
                // The client gave up.
              }
            });
      } catch (IOException closed) {
        return;
      }
    }
  }

  /// As its supervisor does when the daemon ends because its state folder is gone.
  private synchronized void superviseAfter(Daemon served) throws IOException {
    if (!served.isStateThere() && daemon.get() == served) {
      restart();
    }
  }

  private record OverSocket(SocketChannel channel, InputStream input, OutputStream output)
      implements DaemonStream {
    @Override
    public void readTimeout(Duration timeout) {
      assert !timeout.isNegative();
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException ignored) {
        // It is gone anyway.
      }
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    Files.deleteIfExists(socket);
    daemon.get().close();
  }
}
