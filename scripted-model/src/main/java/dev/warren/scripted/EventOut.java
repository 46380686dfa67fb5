package dev.warren.scripted;

import dev.warren.scripted.Script.Wire;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/// A response of events, as HTTP chunks. Events gather until `flush`. Used by one thread.
final class EventOut {
  private static final byte[] LAST = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /// Room before the events for the length of their chunk.
  private static final int LENGTH_BYTES = 10;

  /// How events lie in the bytes.
  enum Framing {
    SSE("text/event-stream; charset=utf-8"),
    FRAMES("application/vnd.amazon.eventstream"),
    /// Frames that hold another format's events in Base64.
    WRAPPED("application/vnd.amazon.eventstream");

    private final String mediaType;

    Framing(String mediaType) {
      this.mediaType = mediaType;
    }
  }

  private final OutputStream out;
  private final Framing framing;
  private final int splitBytes;
  private final String lineEnd;
  private byte[] buffer = new byte[4096];
  private int end = LENGTH_BYTES;
  private boolean begun;

  EventOut(OutputStream out, Framing framing, Optional<Wire> wire) {
    this.out = out;
    this.framing = framing;
    this.splitBytes = wire.flatMap(Wire::splitBytes).orElse(0);
    this.lineEnd = wire.flatMap(Wire::crlf).orElse(false) ? "\r\n" : "\n";
  }

  /// @param type empty for an event without one
  void event(String type, String data) {
    switch (framing) {
      case SSE -> {
        String name = type.isEmpty() ? "" : "event: " + type + lineEnd;
        raw(name + "data: " + data + lineEnd + lineEnd);
      }
      case FRAMES -> raw(FrameOut.event(type, data));
      case WRAPPED -> {
        String base64 = Base64.getEncoder().encodeToString(data.getBytes(StandardCharsets.UTF_8));
        raw(FrameOut.event("chunk", "{\"bytes\":\"" + base64 + "\"}"));
      }
    }
  }

  void exception(String type, String json) {
    raw(FrameOut.exception(type, json));
  }

  /// Whether a copy of an event's bytes with other text is an event: frames have checksums.
  boolean copies() {
    return framing == Framing.SSE;
  }

  void raw(String text) {
    raw(text.getBytes(StandardCharsets.UTF_8));
  }

  void raw(byte[] bytes) {
    room(bytes.length);
    System.arraycopy(bytes, 0, buffer, end, bytes.length);
    end += bytes.length;
  }

  /// A number in decimal digits, without making a string of it.
  void digits(long number) {
    room(20);
    int length = Long.toString(number).length();
    long rest = number;
    for (int i = end + length - 1; i >= end; i--) {
      buffer[i] = (byte) ('0' + (rest % 10));
      rest /= 10;
    }
    end += length;
  }

  /// Bytes that wait for `flush`.
  int size() {
    return end - LENGTH_BYTES;
  }

  /// An event, cut at a place in it; all of it is `before` when the place is not there.
  @SuppressWarnings("ArrayRecordComponent") // Written many times; never compared.
  record Frame(byte[] before, byte[] after) {}

  /// Takes back what waits for `flush`.
  Frame take(String place) {
    String text = new String(buffer, LENGTH_BYTES, end - LENGTH_BYTES, StandardCharsets.UTF_8);
    end = LENGTH_BYTES;
    int at = text.indexOf(place);
    int cut = at < 0 ? text.length() : at;
    String after = at < 0 ? "" : text.substring(at + place.length());
    return new Frame(
        text.substring(0, cut).getBytes(StandardCharsets.UTF_8),
        after.getBytes(StandardCharsets.UTF_8));
  }

  private void room(int bytes) {
    // Two more for the line that ends the chunk.
    if (end + bytes + 2 > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, end + bytes + 2));
    }
  }

  private byte[] head() {
    return """
    HTTP/1.1 200 OK\r
    Content-Type: %s\r
    Cache-Control: no-cache\r
    Transfer-Encoding: chunked\r
    Request-Id: req_scripted\r
    \r
    """
        .formatted(framing.mediaType)
        .getBytes(StandardCharsets.US_ASCII);
  }

  void flush() throws IOException {
    if (!begun) {
      begun = true;
      out.write(head());
    }
    if (end == LENGTH_BYTES) {
      return;
    }
    if (splitBytes > 0) {
      for (int from = LENGTH_BYTES; from < end; from += splitBytes) {
        chunk(from, Math.min(end, from + splitBytes));
      }
    } else {
      byte[] length =
          (Integer.toHexString(end - LENGTH_BYTES) + "\r\n").getBytes(StandardCharsets.US_ASCII);
      int start = LENGTH_BYTES - length.length;
      System.arraycopy(length, 0, buffer, start, length.length);
      buffer[end] = '\r';
      buffer[end + 1] = '\n';
      out.write(buffer, start, end + 2 - start);
    }
    end = LENGTH_BYTES;
  }

  private void chunk(int from, int to) throws IOException {
    out.write((Integer.toHexString(to - from) + "\r\n").getBytes(StandardCharsets.US_ASCII));
    out.write(buffer, from, to - from);
    out.write('\r');
    out.write('\n');
    out.flush();
  }

  /// Ends the response as HTTP wants it.
  void end() throws IOException {
    flush();
    out.write(LAST);
    out.flush();
  }
}
