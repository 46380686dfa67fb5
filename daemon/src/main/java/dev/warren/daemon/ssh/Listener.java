package dev.warren.daemon.ssh;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.session.ConnectionService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A socket of the workspace on which we listen for a client; each connection becomes a channel to
/// it.
final class Listener implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

  /// How long the client may take to accept a connection.
  private static final long OPEN_WITHIN_S = 30;

  private final ServerSocketChannel socket;

  /// The Unix socket's own, which goes with it.
  private final Optional<Path> path;

  private Listener(ServerSocketChannel socket, Optional<Path> path) {
    this.socket = socket;
    this.path = path;
  }

  /// Makes the channel of a connection.
  @FunctionalInterface
  interface ChannelOf {
    ForwardFromSocket make(SocketChannel accepted) throws IOException;
  }

  /// @param address to bind; port 0 for any
  static Listener tcp(InetSocketAddress address) throws IOException {
    ServerSocketChannel socket = ServerSocketChannel.open();
    try {
      socket.bind(address);
      return new Listener(socket, Optional.empty());
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /// @param path of the socket, for its owner only; must not exist
  static Listener unix(Path path) throws IOException {
    ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      socket.bind(UnixDomainSocketAddress.of(path));
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
      return new Listener(socket, Optional.of(path));
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  int port() throws IOException {
    return ((InetSocketAddress) socket.getLocalAddress()).getPort();
  }

  void start(ConnectionService client, ChannelOf channels) {
    Thread.ofVirtual()
        .name("ssh-listener")
        .start(() -> {
          try {
            while (true) {
              SocketChannel accepted = socket.accept();
              Thread.ofVirtual().name("ssh-open").start(() -> open(client, channels, accepted));
            }
          } catch (IOException e) {
            LOG.debug("a forwarded listener ends: {}", e.getMessage());
          }
        });
  }

  private static void open(ConnectionService client, ChannelOf channels, SocketChannel accepted) {
    try {
      ForwardFromSocket channel = channels.make(accepted);
      client.registerChannel(channel);
      channel.open().verify(OPEN_WITHIN_S, TimeUnit.SECONDS);
    } catch (IOException | RuntimeException e) {
      LOG.debug("a connection is not forwarded: {}", e.getMessage());
      SocketPump.close(accepted);
    }
  }

  @Override
  public void close() {
    SocketPump.close(socket);
    path.ifPresent(file -> {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        LOG.debug("{} stays: {}", file, e.getMessage());
      }
    });
  }
}
