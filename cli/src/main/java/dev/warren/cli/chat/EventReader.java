package dev.warren.cli.chat;

import dev.warren.protocol.Json;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/// Reads server-sent events (the WHATWG's "event stream" format) from a body.
final class EventReader implements Closeable {
  private final BufferedReader lines;

  EventReader(InputStream body) {
    this.lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
  }

  /// The next event; empty when the stream has ended. Half an event at the end is dropped.
  Optional<Event> next() throws IOException {
    String id = "";
    String name = "message";
    StringBuilder data = new StringBuilder();
    while (true) {
      String line = lines.readLine();
      if (line == null) {
        return Optional.empty();
      }
      if (line.isEmpty()) {
        if (data.isEmpty()) {
          continue;
        }
        return Optional.of(event(id, name, data.substring(0, data.length() - 1)));
      }
      int colon = line.indexOf(':');
      String field = colon < 0 ? line : line.substring(0, colon);
      String value = colon < 0 ? "" : line.substring(colon + 1);
      value = value.startsWith(" ") ? value.substring(1) : value;
      switch (field) {
        case "id" -> id = value;
        case "event" -> name = value;
        case "data" -> data.append(value).append('\n');
        default -> {
          // A comment keeps the connection alive; other fields are for browsers.
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }

  private static Event event(String id, String name, String data) throws IOException {
    try {
      return new Event(id, name, Json.LENIENT.readTree(data));
    } catch (JacksonException e) {
      throw new IOException("an event '" + name + "' is not JSON", e);
    }
  }
}
