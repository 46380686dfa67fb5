package dev.warren.daemon.terminal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One line of a screen. Takes memory only once something is written to it.
final class Row {
  /// The right half of a wide character.
  static final int RIGHT_HALF = -1;

  static final int BLANK = 0;

  /// Marks that combine with one character, in UTF-16 units.
  private static final int MARKS_MAX = 16;

  private final int columns;
  private int @Nullable [] codes;
  private long @Nullable [] styles;
  private @Nullable Map<Integer, String> marks;

  /// Past the last column that was ever written.
  private int written;

  /// Whether a wide character was ever written.
  private boolean wide;

  /// Whether the text goes on from the line above, which was full.
  boolean continued;

  Row(int columns) {
    this.columns = columns;
  }

  int code(int column) {
    return codes == null ? BLANK : codes[column];
  }

  long style(int column) {
    return styles == null ? Style.DEFAULT : styles[column];
  }

  /// The character and what combines with it; a blank is a space, a right half is nothing.
  String text(int column) {
    int code = code(column);
    if (code == RIGHT_HALF) {
      return "";
    }
    String text = code == BLANK ? " " : Character.toString(code);
    return marks == null ? text : text + marks.getOrDefault(column, "");
  }

  void set(int column, int code, long style) {
    if (codes == null || styles == null) {
      if (code == BLANK && style == Style.DEFAULT) {
        return;
      }
      codes = new int[columns];
      styles = new long[columns];
    }
    codes[column] = code;
    styles[column] = style;
    written = Math.max(written, column + 1);
    wide |= code == RIGHT_HALF;
    if (marks != null) {
      marks.remove(column);
    }
  }

  /// Whether every character has one cell and no marks.
  boolean isSimple() {
    return !wide && marks == null;
  }

  /// Sets `count` characters of printable ASCII; only while the line is simple.
  void set(int column, byte[] ascii, int from, int count, long style) {
    int[] codesNow = codes == null ? new int[columns] : codes;
    long[] stylesNow = styles == null ? new long[columns] : styles;
    for (int i = 0; i < count; i++) {
      codesNow[column + i] = ascii[from + i];
      stylesNow[column + i] = style;
    }
    codes = codesNow;
    styles = stylesNow;
    written = Math.max(written, column + count);
  }

  void combine(int column, int mark) {
    if (marks == null) {
      marks = new HashMap<>();
    }
    String before = marks.getOrDefault(column, "");
    if (before.length() < MARKS_MAX) {
      marks.put(column, before + Character.toString(mark));
    }
  }

  void blank(int from, int to, long style) {
    for (int column = from; column < to; column++) {
      set(column, BLANK, style);
    }
  }

  /// Makes it an empty line that keeps its memory.
  void wipe() {
    if (codes != null && styles != null) {
      Arrays.fill(codes, 0, written, BLANK);
      Arrays.fill(styles, 0, written, Style.DEFAULT);
    }
    marks = null;
    written = 0;
    wide = false;
    continued = false;
  }

  /// Half a wide character is none.
  void mend(int column, long style) {
    if (!wide) {
      return;
    }
    if (column > 0 && column < columns && code(column) == RIGHT_HALF) {
      if (CharacterWidth.of(Math.max(code(column - 1), 0)) != 2) {
        set(column, BLANK, style);
      }
    }
    if (column >= 0 && column < columns && code(column) > 0) {
      boolean halved =
          CharacterWidth.of(code(column)) == 2
              && (column + 1 == columns || code(column + 1) != RIGHT_HALF);
      if (halved) {
        set(column, BLANK, style);
      }
    }
  }

  /// Moves what stands from `from` on by `by` columns, right or left, up to the end; blanks come
  /// in.
  void shift(int from, int by, long style) {
    if (by > 0) {
      for (int column = columns - 1; column >= from + by; column--) {
        copy(column - by, column);
      }
      blank(from, Math.min(columns, from + by), style);
      mend(from + by, style);
    } else {
      for (int column = from; column < columns + by; column++) {
        copy(column - by, column);
      }
      blank(Math.max(from, columns + by), columns, style);
    }
    mend(from - 1, style);
    mend(from, style);
    mend(columns - 1, style);
  }

  private void copy(int source, int target) {
    String mark = marks == null ? null : marks.get(source);
    set(target, code(source), style(source));
    if (mark != null && marks != null) {
      marks.put(target, mark);
    }
  }

  /// Columns up to the last one that is not plain blank.
  int length() {
    int length = written;
    while (length > 0 && code(length - 1) == BLANK && style(length - 1) == Style.DEFAULT) {
      length--;
    }
    return length;
  }

  boolean isFull() {
    return length() == columns;
  }

  /// The same text in another width; what does not fit is lost.
  Row resized(int newColumns) {
    Row row = new Row(newColumns);
    row.continued = continued;
    row.wide = wide; // also of one whose right half is lost here
    int kept = Math.min(length(), newColumns);
    for (int column = 0; column < kept; column++) {
      row.set(column, code(column), style(column));
      String mark = marks == null ? null : marks.get(column);
      if (mark != null) {
        if (row.marks == null) {
          row.marks = new HashMap<>();
        }
        row.marks.put(column, mark);
      }
    }
    row.mend(newColumns - 1, Style.DEFAULT);
    return row;
  }

  private void appendTo(StringBuilder target, int column) {
    int code = code(column);
    target.appendCodePoint(code == BLANK ? ' ' : code);
    if (marks != null) {
      target.append(marks.getOrDefault(column, ""));
    }
  }

  /// What prints it where the default style is selected, and leaves that selected.
  byte[] printed() {
    byte[] ascii = new byte[length()];
    boolean simple = isSimple();
    for (int column = 0; column < ascii.length; column++) {
      int code = code(column);
      if (!simple || code > 0x7e || style(column) != Style.DEFAULT) {
        StringBuilder text = new StringBuilder();
        if (render(text, Style.DEFAULT) != Style.DEFAULT) {
          text.append(Style.sequence(Style.DEFAULT));
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
      }
      ascii[column] = (byte) (code == BLANK ? ' ' : code);
    }
    return ascii;
  }

  /// Appends the line's characters with the sequences that style them.
  ///
  /// @param style that is selected before
  /// @return the style that is selected after
  long render(StringBuilder target, long style) {
    long now = style;
    int length = length();
    for (int column = 0; column < length; column++) {
      if (code(column) != RIGHT_HALF) {
        if (style(column) != now) {
          now = style(column);
          target.append(Style.sequence(now));
        }
        appendTo(target, column);
      }
    }
    return now;
  }
}
