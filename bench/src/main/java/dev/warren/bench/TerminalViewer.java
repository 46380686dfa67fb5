package dev.warren.bench;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/// A viewer of a workspace's terminal, as a page is one. It takes all that comes; closing it leaves
/// the terminal as it is.
final class TerminalViewer implements AutoCloseable {
  private final Predicate<ByteBuffer> seen;
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private final WebSocket socket;

  /// @param seen is given what is printed, in order, until it says that it has seen all
  TerminalViewer(
      HttpClient http, Warren warren, String workspace, UUID session, Predicate<ByteBuffer> seen) {
    this.seen = seen;
    URI uri =
        URI.create(
            "ws://127.0.0.1:%d/api/v1/workspaces/%s/terminal?session=%s&cols=80&rows=24"
                .formatted(warren.port(), workspace, session));
    this.socket =
        http.newWebSocketBuilder()
            .header("Authorization", "Bearer " + warren.token())
            .buildAsync(uri, new Listener())
            .join();
  }

  void type(String line) {
    socket.sendBinary(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)), true).join();
  }

  /// Waits until all was seen.
  void await(Duration deadline) {
    try {
      done.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the terminal does not show what it should", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    socket.abort();
  }

  private final class Listener implements WebSocket.Listener {
    @Override
    public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
      try {
        if (!done.isDone() && seen.test(data)) {
          done.complete(null);
        }
      } catch (RuntimeException wrong) {
        done.completeExceptionally(wrong);
      }
      from.request(1);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      done.completeExceptionally(new IllegalStateException("closed with " + code + ": " + reason));
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      done.completeExceptionally(error);
    }
  }
}
