package dev.warren.e2e.kit;

import dev.warren.protocol.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// One connection to a chat's events.
public sealed interface ChatFeed extends AutoCloseable {
  Duration DEADLINE = Duration.ofSeconds(60);

  /// The next event; empty when the connection has ended.
  Optional<ChatEvent> next();

  @Override
  void close();

  /// @param after the last event that was seen, or nothing
  static ChatFeed sse(ApiClient api, String chatId, String after) {
    return new Sse(api, chatId, after);
  }

  static ChatFeed webSocket(ApiClient api, String chatId, String after) {
    return new Frames(api, chatId, after);
  }

  /// Server-sent events.
  final class Sse implements ChatFeed {
    private final InputStream body;
    private final BufferedReader lines;

    private Sse(ApiClient api, String chatId, String after) {
      HttpRequest.Builder request =
          api.request("/chats/" + chatId + "/events").header("Accept", "text/event-stream");
      if (!after.isEmpty()) {
        request.header("Last-Event-ID", after);
      }
      try {
        var response = api.http().send(request.GET().build(), BodyHandlers.ofInputStream());
        if (response.statusCode() != 200) {
          throw new AssertionError("events of " + chatId + ": " + status(response));
        }
        body = response.body();
        lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new AssertionError("no events of " + chatId, e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted", e);
      }
    }

    @Override
    public Optional<ChatEvent> next() {
      String id = "";
      String name = "message";
      StringBuilder data = new StringBuilder();
      try {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          if (line.isEmpty() && !data.isEmpty()) {
            return Optional.of(new ChatEvent(id, name, Json.LENIENT.readTree(data.toString())));
          }
          if (line.startsWith("id: ")) {
            id = line.substring(4);
          } else if (line.startsWith("event: ")) {
            name = line.substring(7);
          } else if (line.startsWith("data: ")) {
            data.append(line.substring(6));
          }
        }
        return Optional.empty();
      } catch (IOException e) {
        return Optional.empty();
      }
    }

    /// The bytes, not the lines: closing those waits until nobody reads, which may be minutes.
    @Override
    public void close() {
      try {
        body.close();
      } catch (IOException e) {
        // Nobody reads it any more.
      }
    }

    private static String status(HttpResponse<?> response) {
      return "status " + response.statusCode();
    }
  }

  /// WebSocket frames.
  final class Frames implements ChatFeed {
    private final BlockingQueue<Optional<ChatEvent>> queue = new LinkedBlockingQueue<>();
    private final WebSocket socket;

    private Frames(ApiClient api, String chatId, String after) {
      String query = after.isEmpty() ? "" : "?after=" + after;
      URI uri =
          URI.create(
              api.url().replaceFirst("^http", "ws")
                  + "/api/v1/chats/"
                  + chatId
                  + "/events"
                  + query);
      socket =
          api.http()
              .newWebSocketBuilder()
              .header("Authorization", "Bearer " + api.token())
              .buildAsync(uri, new Listener())
              .join();
    }

    @Override
    public Optional<ChatEvent> next() {
      try {
        Optional<ChatEvent> event = queue.poll(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        if (event == null) {
          throw new AssertionError("no event within " + DEADLINE.toSeconds() + " s");
        }
        return event;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted", e);
      }
    }

    @Override
    public void close() {
      socket.abort();
    }

    private final class Listener implements WebSocket.Listener {
      private final StringBuilder text = new StringBuilder();

      @Override
      public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
          queue.add(Optional.of(ChatEvent.ofFrame(text)));
          text.setLength(0);
        }
        webSocket.request(1);
        return null;
      }

      @Override
      public CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
        queue.add(Optional.empty());
        return null;
      }

      @Override
      public void onError(WebSocket webSocket, Throwable error) {
        queue.add(Optional.empty());
      }
    }
  }
}
