package dev.warren.daemon.ssh;

import dev.warren.daemon.os.Exits;
import dev.warren.daemon.process.ChildEnvironment;
import dev.warren.daemon.process.LoginShell;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// The daemon's SSH on a loopback port in place of the tunnel's streams.
final class OurServer implements SshTarget {
  private final Exits exits;
  private final SshService service;
  private final ServerSocket listener;
  private final Path key;

  OurServer(Path folder, Path home, Path key) throws IOException {
    this.key = key;
    exits = new Exits();
    exits.start();
    Map<String, String> environment =
        Map.of("PATH", System.getenv("PATH"), "SHELL", "/bin/bash", "WARREN_SECRET", "x");
    service =
        new SshService(
            new Surroundings(
                home,
                LoginShell.of(environment, "root"),
                new ChildEnvironment(environment, home.toString()),
                exits,
                Files.createDirectories(folder.resolve("state"))));
    listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name("accept").start(this::accept);
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        socket.setTcpNoDelay(true);
        Thread.ofVirtual().name("serve").start(() -> serve(socket));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      service.serve(
          socket.getInputStream(), socket.getOutputStream(), () -> SocketPump.close(socket));
    } catch (IOException | InterruptedException gone) {
      // So is the client.
    }
  }

  String hostKey() {
    return service.hostKey();
  }

  @Override
  public int port() {
    return listener.getLocalPort();
  }

  @Override
  public Path key() {
    return key;
  }

  @Override
  public void close() throws IOException {
    listener.close();
    service.close();
    exits.close();
  }
}
