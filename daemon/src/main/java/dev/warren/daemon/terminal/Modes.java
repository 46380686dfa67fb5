package dev.warren.daemon.terminal;

import java.util.TreeSet;

/// The private modes (`CSI ? N h`) that a viewer has to be told of, by their numbers.
final class Modes {
  static final int APPLICATION_CURSOR = 1;
  static final int ORIGIN = 6;
  static final int WRAP = 7;
  static final int CURSOR_VISIBLE = 25;

  /// Which of them are on at the start.
  private static final int[] ON_AT_FIRST = {WRAP, CURSOR_VISIBLE};

  /// Those that are kept: keys, the screen's colours, origin, wrapping, blinking, the cursor, the
  /// mouse and its encodings, focus, bracketed paste.
  private static final int[] KNOWN = {
    APPLICATION_CURSOR,
    5,
    ORIGIN,
    WRAP,
    9,
    12,
    CURSOR_VISIBLE,
    45,
    66,
    1000,
    1002,
    1003,
    1004,
    1005,
    1006,
    1015,
    1016,
    2004
  };

  private final TreeSet<Integer> on = new TreeSet<>();
  boolean insert;
  boolean newLine;
  boolean applicationKeypad;

  Modes() {
    reset();
  }

  void reset() {
    on.clear();
    for (int mode : ON_AT_FIRST) {
      on.add(mode);
    }
    insert = false;
    newLine = false;
    applicationKeypad = false;
  }

  void set(int mode, boolean value) {
    if (!knows(mode)) {
      return;
    }
    if (value) {
      on.add(mode);
    } else {
      on.remove(mode);
    }
  }

  static boolean knows(int mode) {
    for (int known : KNOWN) {
      if (known == mode) {
        return true;
      }
    }
    return false;
  }

  boolean isOn(int mode) {
    return on.contains(mode);
  }

  /// Sets all that differ from a terminal that was just reset; not the origin, which moves the
  /// cursor.
  void render(StringBuilder target) {
    for (int mode : KNOWN) {
      boolean initially = mode == WRAP || mode == CURSOR_VISIBLE;
      if (mode != ORIGIN && isOn(mode) != initially) {
        target.append("\033[?").append(mode).append(isOn(mode) ? 'h' : 'l');
      }
    }
    if (insert) {
      target.append("\033[4h");
    }
    if (newLine) {
      target.append("\033[20h");
    }
    if (applicationKeypad) {
      target.append("\033=");
    }
  }
}
