package dev.warren.llm.wire;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// Reads server-sent events (HTML Living Standard, section 9.2.6) from bytes, however they are cut:
/// lines end in LF, CRLF or CR, a byte order mark is skipped, comments and unknown fields are
/// ignored, and bytes that are no UTF-8 become U+FFFD. An event whose last line is whole but whose
/// blank line is missing counts at the end of the stream; one cut within a line does not. Used by
/// one thread.
public final class SseReader implements EventReader {
  /// The longest line, and the most data of one event, in bytes. Inline images need megabytes.
  static final int EVENT_BYTES_MAX = 64 * 1024 * 1024;

  /// The most bytes of one answer.
  static final long ANSWER_BYTES_MAX = 256L * 1024 * 1024;

  /// To begin with: an open stream holds one, and most events are smaller.
  private static final int BUFFER_BYTES = 2 * 1024;

  /// A larger buffer is given up when it is empty.
  private static final int BUFFER_BYTES_KEPT = 128 * 1024;

  private final InputStream in;
  private byte[] buffer = new byte[BUFFER_BYTES];
  private int start;
  private int scanned;
  private int end;
  private long total;
  private boolean atBegin = true;
  private boolean skipLineFeed;

  private String type = "";
  private final StringBuilder data = new StringBuilder();
  private boolean hasData;

  public SseReader(InputStream in) {
    this.in = in;
  }

  /// The next event that has data, or nothing when the stream has ended.
  @Override
  public Optional<WireEvent> next() throws IOException {
    while (true) {
      int lineEnd = lineEnd();
      if (lineEnd < 0) {
        return hasData ? Optional.of(dispatch()) : Optional.empty();
      }
      int lineStart = start;
      start = lineEnd + 1;
      scanned = start;
      if (lineEnd > lineStart) {
        field(lineStart, lineEnd);
      } else if (hasData) {
        return Optional.of(dispatch());
      } else {
        type = "";
      }
    }
  }

  private WireEvent dispatch() {
    WireEvent event = new WireEvent(type.isEmpty() ? "message" : type, data.toString());
    type = "";
    data.setLength(0);
    hasData = false;
    return event;
  }

  /// Index of the byte that ends the next line, -1 at the end of the stream.
  private int lineEnd() throws IOException {
    while (true) {
      if (skipLineFeed && start < end) {
        skipLineFeed = false;
        if (buffer[start] == '\n') {
          start++;
          scanned = start;
        }
      }
      for (; scanned < end; scanned++) {
        byte b = buffer[scanned];
        if (b == '\n') {
          return scanned;
        }
        if (b == '\r') {
          skipLineFeed = true;
          return scanned;
        }
      }
      if (!fill()) {
        return -1;
      }
    }
  }

  private boolean fill() throws IOException {
    if (start > 0) {
      System.arraycopy(buffer, start, buffer, 0, end - start);
      end -= start;
      scanned -= start;
      start = 0;
    }
    if (end == buffer.length) {
      if (end >= EVENT_BYTES_MAX) {
        throw new IOException("a line of the stream is longer than " + EVENT_BYTES_MAX + " bytes");
      }
      buffer = Arrays.copyOf(buffer, Math.min(EVENT_BYTES_MAX, end * 2));
    } else if (end == 0 && buffer.length > BUFFER_BYTES_KEPT) {
      buffer = new byte[BUFFER_BYTES];
    }
    int count = in.read(buffer, end, buffer.length - end);
    if (count < 0) {
      return false;
    }
    end += count;
    total += count;
    if (total > ANSWER_BYTES_MAX) {
      throw new IOException("the stream is longer than " + ANSWER_BYTES_MAX + " bytes");
    }
    return true;
  }

  private void field(int from, int to) throws IOException {
    int begin = from;
    if (atBegin) {
      atBegin = false;
      if (startsWith(begin, to, 0xef, 0xbb, 0xbf)) {
        begin += 3;
      }
    }
    if (startsWith(begin, to, 'd', 'a', 't', 'a')) {
      value(begin + 4, to).ifPresent(this::addData);
      if (data.length() > EVENT_BYTES_MAX) {
        throw new IOException("an event is longer than " + EVENT_BYTES_MAX + " characters");
      }
    } else if (startsWith(begin, to, 'e', 'v', 'e', 'n', 't')) {
      value(begin + 5, to).ifPresent(name -> type = name);
    }
  }

  private void addData(String line) {
    if (hasData) {
      data.append('\n');
    }
    data.append(line);
    hasData = true;
  }

  /// What follows the field's name: nothing when the name goes on.
  private Optional<String> value(int from, int to) {
    if (from == to) {
      return Optional.of("");
    }
    if (buffer[from] != ':') {
      return Optional.empty();
    }
    int begin = from + 1;
    if (begin < to && buffer[begin] == ' ') {
      begin++;
    }
    return Optional.of(new String(buffer, begin, to - begin, StandardCharsets.UTF_8));
  }

  private boolean startsWith(int from, int to, int... bytes) {
    if (to - from < bytes.length) {
      return false;
    }
    for (int i = 0; i < bytes.length; i++) {
      if ((buffer[from + i] & 0xff) != bytes[i]) {
        return false;
      }
    }
    return true;
  }
}
