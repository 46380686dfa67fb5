package dev.warren.server.http.relay;

import dev.warren.tunnel.relay.Relay;
import java.net.URI;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/// A Jetty on a loopback port that has nothing but a relay.
final class RelayServer implements AutoCloseable {
  private final Server server;
  private final ServerConnector connector;

  /// @param port 0 for any
  RelayServer(Relay relay, int port) throws Exception {
    QueuedThreadPool threads = new QueuedThreadPool(16);
    threads.setDaemon(true);
    server = new Server(threads);
    connector = new ServerConnector(server, 1, 1);
    connector.setHost("127.0.0.1");
    connector.setPort(port);
    server.addConnector(connector);
    server.setHandler(
        new RelayFront(
            new Handler.Abstract.NonBlocking() {
              @Override
              public boolean handle(
                  org.eclipse.jetty.server.Request request,
                  org.eclipse.jetty.server.Response response,
                  org.eclipse.jetty.util.Callback callback) {
                return false;
              }
            },
            relay,
            "/relay"));
    server.start();
  }

  int port() {
    return connector.getLocalPort();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + port());
  }

  @Override
  public void close() throws Exception {
    server.stop();
  }
}
