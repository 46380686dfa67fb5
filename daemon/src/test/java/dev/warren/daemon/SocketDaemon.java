package dev.warren.daemon;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/// A daemon behind a Unix socket instead of the tunnel; as a program of its own, so that a test can
/// kill it.
public final class SocketDaemon implements AutoCloseable {
  private final Daemon daemon;
  private final ServerSocketChannel listener;
  private final Path socket;

  /// @param folder gets `home`, `state` and the socket `s`
  public SocketDaemon(Path folder, Clock clock) throws IOException {
    Path home = Files.createDirectories(folder.resolve("home"));
    this.socket = folder.resolve("s");
    Files.deleteIfExists(socket);
    this.daemon =
        new Daemon(folder.resolve("state"), home, Map.of("PATH", System.getenv("PATH")), clock);
    daemon.start();
    this.listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listener.bind(UnixDomainSocketAddress.of(socket));
    Thread.ofVirtual().start(this::accept);
  }

  public Daemon daemon() {
    return daemon;
  }

  /// Starts one as a program of its own; its log is the folder's `log`.
  public static Process program(Path folder) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            SocketDaemon.class.getName(),
            folder.toString())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("log").toFile())
        .start();
  }

  public static Caller caller(Path folder) {
    return new Caller(() -> {
      SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(folder.resolve("s")));
      return new Caller.Stream(
          Channels.newInputStream(channel), Channels.newOutputStream(channel), channel::close);
    });
  }

  private void accept() {
    while (listener.isOpen()) {
      try {
        SocketChannel channel = listener.accept();
        Thread.ofVirtual().start(() -> serve(channel));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(SocketChannel channel) {
    try (channel) {
      daemon.serveHttp(Channels.newInputStream(channel), Channels.newOutputStream(channel));
    } catch (IOException gone) {
      // The caller went away.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    daemon.close();
    Files.deleteIfExists(socket);
  }

  public static void main(String[] args) throws Exception {
    SocketDaemon running = new SocketDaemon(Path.of(args[0]), Clock.systemUTC());
    // Ends with its parent's pipe, should the test die.
    System.in.transferTo(java.io.OutputStream.nullOutputStream());
    running.close();
  }
}
