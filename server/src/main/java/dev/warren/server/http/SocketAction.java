package dev.warren.server.http;

/// Prepares a WebSocket: checks the request, and answers with what runs once the socket is open.
/// What it throws becomes the answer instead of the upgrade.
@FunctionalInterface
public interface SocketAction {
  Conversation open(Request request) throws Exception;

  /// Talks over an open socket. The socket is closed when it returns.
  @FunctionalInterface
  interface Conversation {
    void run(Socket socket) throws Exception;
  }
}
