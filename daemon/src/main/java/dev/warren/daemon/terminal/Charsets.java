package dev.warren.daemon.terminal;

/// The two designated character sets, and which is in use.
///
/// @param g0Lines whether G0 is the set of line drawing characters
/// @param g1Lines whether G1 is
/// @param shifted whether G1 is in use
record Charsets(boolean g0Lines, boolean g1Lines, boolean shifted) {
  static final Charsets ASCII = new Charsets(false, false, false);

  /// What DEC's special graphics have in place of 0x60 to 0x7e.
  private static final String LINES = "◆▒␉␌␍␊°±␤␋┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·";

  Charsets designate(int slot, boolean lines) {
    return slot == 0
        ? new Charsets(lines, g1Lines, shifted)
        : new Charsets(g0Lines, lines, shifted);
  }

  Charsets shift(boolean toG1) {
    return new Charsets(g0Lines, g1Lines, toG1);
  }

  /// Whether characters are shown as they are.
  boolean isPlain() {
    return !(shifted ? g1Lines : g0Lines);
  }

  int map(int codePoint) {
    return !isPlain() && codePoint >= 0x60 && codePoint <= 0x7e
        ? LINES.charAt(codePoint - 0x60)
        : codePoint;
  }
}
