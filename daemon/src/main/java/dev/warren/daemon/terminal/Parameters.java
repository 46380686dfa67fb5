package dev.warren.daemon.terminal;

/// The numbers of a control sequence, bounded in count and size: `1;38:2::7:8:9`.
final class Parameters {
  private static final int COUNT_MAX = 32;
  private static final int SUBS_MAX = 8;
  private static final int VALUE_MAX = 65_535;

  private final int[] values = new int[COUNT_MAX];
  private final int[][] subs = new int[COUNT_MAX][];
  private final int[] subCounts = new int[COUNT_MAX];
  private int count;

  void clear() {
    for (int i = 0; i < count; i++) {
      subCounts[i] = 0;
    }
    count = 0;
  }

  /// Takes a digit, `;` or `:`.
  void add(int c) {
    if (count == 0) {
      open();
    }
    switch (c) {
      case ';' -> open();
      case ':' -> {
        int at = count - 1;
        if (subs[at] == null) {
          subs[at] = new int[SUBS_MAX];
        }
        if (subCounts[at] < SUBS_MAX) {
          subs[at][subCounts[at]++] = -1;
        }
      }
      default -> digit(c - '0');
    }
  }

  private void open() {
    if (count < COUNT_MAX) {
      values[count] = -1;
      subCounts[count] = 0;
      count++;
    }
  }

  private void digit(int digit) {
    int at = count - 1;
    if (subCounts[at] > 0) {
      int last = subCounts[at] - 1;
      subs[at][last] = grown(subs[at][last], digit);
    } else {
      values[at] = grown(values[at], digit);
    }
  }

  private static int grown(int value, int digit) {
    return Math.min(VALUE_MAX, Math.max(value, 0) * 10 + digit);
  }

  int count() {
    return count;
  }

  /// The number at this place, or what stands for one that was left out.
  int get(int at, int absent) {
    return at < count && values[at] >= 0 ? values[at] : absent;
  }

  /// As a count: left out and zero mean one.
  int times(int at) {
    return Math.max(1, get(at, 1));
  }

  boolean hasSubs(int at) {
    return at < count && subCounts[at] > 0;
  }

  int subs(int at) {
    return at < count ? subCounts[at] : 0;
  }

  /// A number after a colon, counted from 0; left out it is 0, and 1 when there is no such place.
  int sub(int at, int index) {
    if (at >= count || index >= subCounts[at]) {
      return 1;
    }
    return Math.max(0, subs[at][index]);
  }

  /// How many places a colour takes that begins here with 38, 48 or 58.
  int colorLength(int at) {
    if (hasSubs(at)) {
      return 1;
    }
    return switch (get(at + 1, -1)) {
      case 5 -> 3;
      case 2 -> 5;
      default -> 2;
    };
  }
}
