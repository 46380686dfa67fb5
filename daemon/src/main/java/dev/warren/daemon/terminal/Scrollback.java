package dev.warren.daemon.terminal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/// Lines that left the screen by its top, kept as what prints them again.
final class Scrollback {
  static final int LINES_MAX = 1_000;

  /// Of all lines together.
  static final int BYTES_MAX = 128 * 1024;

  /// @param continued whether it goes on from the line above
  /// @param full whether the next line may go on from it
  private record Line(byte[] text, boolean continued, boolean full) {}

  private final Deque<Line> lines = new ArrayDeque<>();
  private int bytes;

  void add(Row row) {
    Line line = new Line(row.printed(), row.continued, row.isFull());
    lines.add(line);
    bytes += line.text.length;
    while (lines.size() > LINES_MAX || (bytes > BYTES_MAX && !lines.isEmpty())) {
      bytes -= lines.remove().text.length;
    }
  }

  void clear() {
    lines.clear();
    bytes = 0;
  }

  int size() {
    return lines.size();
  }

  /// Prints all lines.
  ///
  /// @return whether the last one was full, so that the screen's first may go on from it
  boolean render(StringBuilder target) {
    boolean full = false;
    boolean first = true;
    for (Line line : lines) {
      if (!first && !(full && line.continued)) {
        target.append("\r\n");
      }
      target.append(new String(line.text, StandardCharsets.UTF_8));
      full = line.full;
      first = false;
    }
    return full;
  }
}
