package dev.warren.e2e.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;

/// Follows a chat as an open page does: reconnects by itself, and holds what it would show.
public final class PageReader implements AutoCloseable {
  private static final Duration CATCH_UP_DEADLINE = Duration.ofSeconds(30);

  private final ApiClient api;
  private final String chatId;
  private final List<ChatEvent> events = new CopyOnWriteArrayList<>();
  private final Map<String, JsonNode> messages = new LinkedHashMap<>();
  private final Thread thread;
  private volatile boolean closed;
  private volatile Optional<ChatFeed> feed = Optional.empty();

  public PageReader(ApiClient api, String chatId) {
    this.api = api;
    this.chatId = chatId;
    this.thread = Thread.ofPlatform().name("page").daemon().start(this::read);
  }

  public List<ChatEvent> events() {
    return List.copyOf(events);
  }

  /// Waits until the page holds exactly this history.
  public void awaitMessages(List<JsonNode> history) {
    Eventually.holds(
        "the page shows the history", CATCH_UP_DEADLINE, () -> ids(shown()).equals(ids(history)));
    assertThat(shown()).usingRecursiveComparison().isEqualTo(history);
  }

  @Override
  public void close() {
    closed = true;
    feed.ifPresent(ChatFeed::close);
    try {
      thread.join(CATCH_UP_DEADLINE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<JsonNode> shown() {
    synchronized (messages) {
      return new ArrayList<>(messages.values());
    }
  }

  private static List<String> ids(List<JsonNode> history) {
    return history.stream().map(message -> message.path("id").asString()).toList();
  }

  private void read() {
    String after = "";
    while (!closed) {
      try (ChatFeed connection = ChatFeed.sse(api, chatId, after)) {
        feed = Optional.of(connection);
        for (var event = connection.next(); event.isPresent(); event = connection.next()) {
          after = event.get().id().isEmpty() ? after : event.get().id();
          show(event.get());
        }
      } catch (AssertionError e) {
        // The control plane is away: again.
        Eventually.holds("a moment has passed", CATCH_UP_DEADLINE, moment());
      }
    }
  }

  private static java.util.function.BooleanSupplier moment() {
    long at = System.nanoTime() + Duration.ofMillis(200).toNanos();
    return () -> System.nanoTime() > at;
  }

  private void show(ChatEvent event) {
    events.add(event);
    synchronized (messages) {
      switch (event.name()) {
        case "snapshot" -> {
          messages.clear();
          event.data().path("messages").forEach(m -> messages.put(m.path("id").asString(), m));
        }
        case "message" -> messages.put(event.text("id"), event.data());
        case "removed" ->
            event.data().path("message_ids").forEach(id -> messages.remove(id.asString()));
        default -> {
          // Deltas and statuses are not history.
        }
      }
    }
  }
}
