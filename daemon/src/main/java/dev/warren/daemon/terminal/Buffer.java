package dev.warren.daemon.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// The lines of one of a screen's two buffers, and where the cursor is in it.
final class Buffer {
  private final List<Row> rows;
  private int columns;

  int x;
  int y;

  /// The last column was written: the next character goes to the next line.
  boolean wrapsNext;

  /// The scroll region's first and last line.
  int top;

  int bottom;

  Saved saved = Saved.HOME;

  /// What "save cursor" keeps.
  record Saved(int x, int y, boolean wrapsNext, long style, boolean origin, Charsets charsets) {
    static final Saved HOME = new Saved(0, 0, false, Style.DEFAULT, false, Charsets.ASCII);
  }

  Buffer(int columns, int rows) {
    this.columns = columns;
    this.rows = new ArrayList<>(rows);
    for (int i = 0; i < rows; i++) {
      this.rows.add(new Row(columns));
    }
    this.bottom = rows - 1;
  }

  int columns() {
    return columns;
  }

  int height() {
    return rows.size();
  }

  Row row(int line) {
    return rows.get(line);
  }

  Row current() {
    return rows.get(y);
  }

  /// The region's lines go up; `gone` gets each line that leaves by the top of the screen, and
  /// keeps none: it comes back empty at the bottom.
  void scrollUp(int first, int times, long style, Consumer<Row> gone) {
    for (int i = 0; i < Math.min(times, bottom - first + 1); i++) {
      Row leaving = rows.remove(first);
      if (first == 0) {
        gone.accept(leaving);
      }
      if (style == Style.DEFAULT) {
        leaving.wipe();
        rows.add(bottom, leaving);
      } else {
        rows.add(bottom, blank(style));
      }
    }
  }

  void scrollDown(int first, int times, long style) {
    for (int i = 0; i < Math.min(times, bottom - first + 1); i++) {
      rows.remove(bottom);
      rows.add(first, blank(style));
    }
  }

  private Row blank(long style) {
    Row row = new Row(columns);
    if (style != Style.DEFAULT) {
      row.blank(0, columns, style);
    }
    return row;
  }

  void clear(int from, int to, long style) {
    for (int line = from; line < to; line++) {
      rows.set(line, blank(style));
    }
  }

  /// Another size; lines that have no place any more leave by the top, if the cursor needs it.
  void resize(int newColumns, int newRows, Consumer<Row> gone) {
    if (newColumns != columns) {
      columns = newColumns;
      rows.replaceAll(row -> row.resized(newColumns));
    }
    while (rows.size() > newRows) {
      if (rows.size() - 1 > y && rows.getLast().length() == 0) {
        rows.removeLast();
      } else if (y > 0) {
        gone.accept(rows.removeFirst());
        y--;
      } else {
        rows.removeLast();
      }
    }
    while (rows.size() < newRows) {
      rows.add(new Row(columns));
    }
    top = 0;
    bottom = newRows - 1;
    x = Math.min(x, newColumns - 1);
    y = Math.min(y, newRows - 1);
    wrapsNext = false;
  }
}
