package dev.warren.server.chat;

import dev.warren.protocol.Json;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/// One event, encoded once for all its readers, in the two forms in which it is sent. Its bytes
/// must not be changed.
public final class Frame {
  private static final byte[] END_SSE = {'\n', '\n'};
  private static final byte[] END_SOCKET = {'}'};

  private final String id;
  private final String event;
  private final byte[] data;
  // Built at the first use; two threads may build the same bytes.
  private volatile byte[] sse = {};
  private volatile byte[] socket = {};

  Frame(String id, String event, byte[] data) {
    this.id = id;
    this.event = event;
    this.data = data;
  }

  static Frame of(String id, String event, JsonNode data) {
    return new Frame(id, event, Json.STRICT.writeValueAsBytes(data));
  }

  public String id() {
    return id;
  }

  public String event() {
    return event;
  }

  /// The JSON of the event's data, UTF-8.
  public byte[] data() {
    return data;
  }

  int size() {
    return data.length;
  }

  /// As server-sent event, with its closing empty line.
  public byte[] sse() {
    if (sse.length == 0) {
      sse = join("id: " + id + "\nevent: " + event + "\ndata: ", data, END_SSE);
    }
    return sse;
  }

  /// As text of a WebSocket message: `{"id","event","data"}`.
  public byte[] socket() {
    if (socket.length == 0) {
      socket =
          join("{\"id\":\"" + id + "\",\"event\":\"" + event + "\",\"data\":", data, END_SOCKET);
    }
    return socket;
  }

  private static byte[] join(String head, byte[] middle, byte[] tail) {
    byte[] all = new byte[head.length() + middle.length + tail.length];
    byte[] first = head.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(first, 0, all, 0, first.length);
    System.arraycopy(middle, 0, all, first.length, middle.length);
    System.arraycopy(tail, 0, all, first.length + middle.length, tail.length);
    return all;
  }
}
