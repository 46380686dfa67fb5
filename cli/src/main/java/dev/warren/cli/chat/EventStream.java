package dev.warren.cli.chat;

import dev.warren.cli.client.Api;
import dev.warren.cli.client.Failure;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The events of a chat, over as many connections as it takes: a broken one is made again and goes
/// on after the last event that was read. For one reading thread.
final class EventStream implements AutoCloseable {
  /// How long a control plane may be away before a reader gives up.
  private static final Duration AWAY_MAX = Duration.ofMinutes(2);

  private static final long RETRY_MS = 500;

  private final Api api;
  private final String path;
  private final Runnable onBreak;
  private String lastId = "";
  private volatile @Nullable EventReader reader;

  /// @param onBreak runs once each time that the connection is lost
  EventStream(Api api, String chatId, Runnable onBreak) {
    this.api = api;
    this.path = "/chats/" + chatId + "/events";
    this.onBreak = onBreak;
  }

  Event next() {
    Instant lost = Instant.MAX;
    while (true) {
      try {
        if (reader == null) {
          Map<String, String> headers = new HashMap<>();
          headers.put("Accept", "text/event-stream");
          if (!lastId.isEmpty()) {
            headers.put("Last-Event-ID", lastId);
          }
          reader = new EventReader(api.stream(path, headers));
        }
        Optional<Event> event = reader.next();
        if (event.isPresent()) {
          lastId = event.get().id().isEmpty() ? lastId : event.get().id();
          return event.get();
        }
        throw new IOException("the control plane closed the stream");
      } catch (IOException e) {
        lost = again(lost, api.unreachable(e));
      } catch (Failure e) {
        if (e.status() / 100 != 5) {
          throw e;
        }
        lost = again(lost, e);
      }
    }
  }

  @Override
  public void close() {
    EventReader open = reader;
    reader = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // It is not read any more.
      }
    }
  }

  private Instant again(Instant lost, Failure cause) {
    close();
    Instant now = Instant.now();
    if (lost.equals(Instant.MAX)) {
      onBreak.run();
      lost = now;
    }
    if (Duration.between(lost, now).compareTo(AWAY_MAX) > 0) {
      throw cause;
    }
    try {
      TimeUnit.MILLISECONDS.sleep(RETRY_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure("interrupted", e);
    }
    return lost;
  }
}
