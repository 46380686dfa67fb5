package dev.warren.server.http;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// One event, with the bytes that travel: made once, shared by all its readers. As a server-sent
/// event it is `id`, `event` and `data` lines; in a WebSocket one text message
/// `{"id":…,"event":…,"data":…}`.
public final class Frame {
  private final String id;
  private final String event;
  private final byte[] data;
  private volatile byte @Nullable [] lines;
  private volatile byte @Nullable [] message;

  /// @param id what a reader resumes after; letters, digits and `-_.:` only
  /// @param event its name, such as `delta`
  /// @param data JSON, in one line
  public Frame(String id, String event, byte[] data) {
    this.id = id;
    this.event = event;
    this.data = data;
  }

  public String id() {
    return id;
  }

  public String event() {
    return event;
  }

  /// The JSON of its data; not to be written to.
  public byte[] data() {
    return data;
  }

  /// As lines of `text/event-stream`.
  byte[] lines() {
    byte[] known = lines;
    if (known == null) {
      known = join("id: " + id + "\nevent: " + event + "\ndata: ", "\n\n");
      lines = known;
    }
    return known;
  }

  /// As a text message.
  byte[] message() {
    byte[] known = message;
    if (known == null) {
      known = join("{\"id\":\"" + id + "\",\"event\":\"" + event + "\",\"data\":", "}");
      message = known;
    }
    return known;
  }

  private byte[] join(String before, String after) {
    byte[] head = before.getBytes(StandardCharsets.UTF_8);
    byte[] tail = after.getBytes(StandardCharsets.UTF_8);
    byte[] all = new byte[head.length + data.length + tail.length];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(data, 0, all, head.length, data.length);
    System.arraycopy(tail, 0, all, head.length + data.length, tail.length);
    return all;
  }

  @Override
  public String toString() {
    return event + " " + id;
  }
}
