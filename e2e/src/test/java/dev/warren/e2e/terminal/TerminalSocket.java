package dev.warren.e2e.terminal;

import dev.warren.e2e.kit.ApiClient;
import dev.warren.e2e.kit.Eventually;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/// A viewer of a terminal by a token, as a script would be one.
final class TerminalSocket implements AutoCloseable {
  private static final Duration WITHIN = Duration.ofSeconds(30);

  private final ByteArrayOutputStream seen = new ByteArrayOutputStream();
  private final StringBuilder told = new StringBuilder();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final WebSocket socket;

  /// @throws CompletionException when the upgrade is refused
  TerminalSocket(ApiClient api, String workspace, UUID session) {
    URI uri =
        URI.create(
            "ws"
                + api.url().substring(4)
                + "/api/v1/workspaces/"
                + workspace
                + "/terminal?session="
                + session
                + "&cols=80&rows=24");
    socket =
        api.http()
            .newWebSocketBuilder()
            .header("Authorization", "Bearer " + api.token())
            .buildAsync(uri, new Listener())
            .join();
  }

  void type(String text) {
    socket.sendBinary(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), true).join();
  }

  void say(String json) {
    socket.sendText(json, true).join();
  }

  void awaitText(String text) {
    Eventually.holds(text, WITHIN, () -> screen().contains(text));
  }

  void awaitTold(String text) {
    Eventually.holds(
        text,
        WITHIN,
        () -> {
          synchronized (told) {
            return told.indexOf(text) >= 0;
          }
        });
  }

  String screen() {
    synchronized (seen) {
      return seen.toString(StandardCharsets.UTF_8);
    }
  }

  int awaitClose() {
    return closed.orTimeout(WITHIN.toSeconds(), java.util.concurrent.TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    socket.abort();
  }

  private final class Listener implements WebSocket.Listener {
    @Override
    public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
      byte[] bytes = new byte[data.remaining()];
      data.get(bytes);
      synchronized (seen) {
        seen.writeBytes(bytes);
      }
      from.request(1);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      synchronized (told) {
        told.append(data);
      }
      from.request(1);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      closed.complete(code);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      closed.completeExceptionally(error);
    }
  }
}
