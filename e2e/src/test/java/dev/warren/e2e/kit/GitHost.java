package dev.warren.e2e.kit;

import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/// A folder of git repositories behind HTTP's basic authentication, on a loopback port. It speaks
/// git's plain-file protocol, so the repositories need `git update-server-info`.
public final class GitHost implements AutoCloseable {
  private final HttpServer server;

  public GitHost(Path folder, String username, String password) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server
        .createContext("/", exchange -> answer(folder, exchange))
        .setAuthenticator(
            new BasicAuthenticator("git") {
              @Override
              public boolean checkCredentials(String user, String word) {
                return user.equals(username) && word.equals(password);
              }
            });
    server.start();
  }

  /// As a URL has it.
  public String host() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  private static void answer(Path folder, HttpExchange exchange) throws IOException {
    try (exchange) {
      Path file = folder.resolve(exchange.getRequestURI().getPath().substring(1)).normalize();
      if (!file.startsWith(folder) || !Files.isRegularFile(file)) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      byte[] bytes = Files.readAllBytes(file);
      exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
