package dev.warren.bench.chaos;

import dev.warren.protocol.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;

/// A subscriber of a chat that reconnects by itself, wherever the gate leads it, and notes
/// everything that it may not see: deltas that differ from the committed message, a message twice,
/// deltas of a message that is committed.
final class ChatView implements AutoCloseable {
  private final Api api;
  private final String chatId;
  private final Thread thread;
  private final Queue<String> faults = new ConcurrentLinkedQueue<>();
  private final Map<String, JsonNode> messages = new LinkedHashMap<>();
  private final Map<String, Map<Integer, StringBuilder>> deltas = new HashMap<>();
  private volatile boolean closed;
  private final AtomicLong deltaCount = new AtomicLong();
  private final AtomicInteger connections = new AtomicInteger();
  private volatile long resetNanos;
  private volatile long firstDeltaNanos;
  private volatile String last = "";

  ChatView(Api api, String chatId) {
    this.api = api;
    this.chatId = chatId;
    this.thread = Thread.ofVirtual().name("view").start(this::run);
  }

  List<String> faults() {
    return List.copyOf(faults);
  }

  long deltaCount() {
    return deltaCount.get();
  }

  /// When the first delta came after the newest `reset`, or 0: of a message that was begun anew.
  long againNanos() {
    return resetNanos == 0 ? 0 : firstDeltaNanos;
  }

  int connections() {
    return connections.get();
  }

  /// The ids that it shows, in the order of the history.
  List<String> shown() {
    synchronized (messages) {
      Map<Long, String> ordered = new TreeMap<>();
      messages.forEach((id, message) -> ordered.put(message.path("seq").asLong(), id));
      return List.copyOf(ordered.values());
    }
  }

  private void run() {
    while (!closed) {
      try {
        read();
      } catch (IOException e) {
        // The replica or the link is gone: again.
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        faults.add("chat " + chatId + ": the stream is not to be read: " + e);
        return;
      }
      if (!closed) {
        TcpGate.pause(Duration.ofMillis(50));
      }
    }
  }

  private void read() throws IOException, InterruptedException {
    HttpRequest.Builder request =
        api.request("/chats/" + chatId + "/events").header("Accept", "text/event-stream");
    if (!last.isEmpty()) {
      request.header("Last-Event-ID", last);
    }
    HttpResponse<java.io.InputStream> response =
        api.http().send(request.GET().build(), BodyHandlers.ofInputStream());
    connections.incrementAndGet();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      if (response.statusCode() != 200) {
        return;
      }
      String id = "";
      String event = "";
      String data = "";
      for (String line = lines.readLine(); line != null && !closed; line = lines.readLine()) {
        if (line.startsWith("id: ")) {
          id = line.substring(4);
        } else if (line.startsWith("event: ")) {
          event = line.substring(7);
        } else if (line.startsWith("data: ")) {
          data = line.substring(6);
        } else if (line.isEmpty() && !data.isEmpty()) {
          take(event, Json.LENIENT.readTree(data));
          last = id;
          data = "";
        }
      }
    }
  }

  private void take(String event, JsonNode data) {
    synchronized (messages) {
      switch (event) {
        case "snapshot" -> snapshot(data);
        case "delta" -> delta(data);
        case "message" -> message(data);
        case "reset" -> {
          deltas.remove(data.path("message_id").asString());
          resetNanos = System.nanoTime();
          firstDeltaNanos = 0;
        }
        case "removed" ->
            data.path("message_ids")
                .forEach(id -> {
                  messages.remove(id.asString());
                  deltas.remove(id.asString());
                });
        default -> {}
      }
    }
  }

  private void snapshot(JsonNode data) {
    messages.clear();
    deltas.clear();
    data.path("messages").forEach(message -> messages.put(message.path("id").asString(), message));
    JsonNode flying = data.path("in_flight");
    if (!flying.isObject()) {
      return;
    }
    int index = 0;
    for (JsonNode part : flying.path("parts")) {
      parts(flying.path("id").asString())
          .put(index++, new StringBuilder(part.path("text").asString("")));
    }
  }

  private Map<Integer, StringBuilder> parts(String message) {
    return deltas.computeIfAbsent(message, id -> new HashMap<>());
  }

  private void delta(JsonNode data) {
    if (data.path("kind").asString().equals("tool_output")) {
      return;
    }
    deltaCount.incrementAndGet();
    if (firstDeltaNanos == 0) {
      firstDeltaNanos = System.nanoTime();
    }
    String message = data.path("message_id").asString();
    if (messages.containsKey(message)) {
      faults.add("chat " + chatId + ": a delta of the committed message " + message);
      return;
    }
    parts(message)
        .computeIfAbsent(data.path("part").asInt(), part -> new StringBuilder())
        .append(data.path("text").asString());
  }

  private void message(JsonNode data) {
    String id = data.path("id").asString();
    JsonNode before = messages.put(id, data);
    Map<Integer, StringBuilder> shown = deltas.remove(id);
    if (before != null || !data.path("role").asString().equals("assistant")) {
      return;
    }
    int index = 0;
    for (JsonNode part : data.path("parts")) {
      String type = part.path("type").asString();
      if (type.equals("text") || type.equals("reasoning")) {
        String seen =
            shown == null ? "" : shown.getOrDefault(index, new StringBuilder()).toString();
        if (!seen.equals(part.path("text").asString())) {
          faults.add(
              "chat %s: part %d of message %s was shown as [%s], committed as [%s]"
                  .formatted(chatId, index, id, seen, part.path("text").asString()));
        }
      }
      index++;
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
