package dev.warren.server.replica;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.Executors;

/// Calls other replicas at their own addresses.
public final class PeerClient implements AutoCloseable {
  /// How long a connection and the head of an answer may take.
  private static final Duration ANSWER_MAX = Duration.ofSeconds(3);

  private static final byte[] NOTHING = new byte[0];

  private final ReplicaCalls calls;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(ANSWER_MAX)
          .executor(
              Executors.newThreadPerTaskExecutor(
                  Thread.ofVirtual().name("peer-http-", 0).factory()))
          .build();

  public PeerClient(ReplicaCalls calls) {
    this.calls = calls;
  }

  /// Opens a body that lasts; close it.
  ///
  /// @throws IOException when the replica cannot be reached or does not answer with 200
  public InputStream get(Peer peer, String target) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(url(peer, target))
            .header(ReplicaCalls.header(), calls.sign(peer, "GET", target, NOTHING))
            .timeout(ANSWER_MAX)
            .GET()
            .build();
    HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
    if (response.statusCode() != 200) {
      response.body().close();
      throw new IOException(
          "replica %s answered %d to %s".formatted(peer.id(), response.statusCode(), target));
    }
    return response.body();
  }

  /// Opens a WebSocket.
  ///
  /// @throws java.util.concurrent.CompletionException when the replica cannot be reached or refuses
  WebSocket webSocket(Peer peer, String target, WebSocket.Listener listener) throws IOException {
    URI url = url(peer, target);
    return http.newWebSocketBuilder()
        .header(ReplicaCalls.header(), calls.sign(peer, "GET", target, NOTHING))
        .connectTimeout(ANSWER_MAX)
        .buildAsync(URI.create(url.toString().replaceFirst("^http", "ws")), listener)
        .join();
  }

  private static URI url(Peer peer, String target) throws IOException {
    return URI.create(
        peer.url()
                .orElseThrow(() ->
                    new IOException(
                        "replica " + peer.id() + " has no WARREN_REPLICA_URL to call it at"))
            + target);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
