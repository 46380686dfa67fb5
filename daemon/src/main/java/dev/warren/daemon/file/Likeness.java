package dev.warren.daemon.file;

import java.util.Locale;

/// What is ignored when lines are compared; each ignores more than the one before.
enum Likeness {
  TRAILING_BLANKS("matched with blanks at line ends ignored"),
  TYPOGRAPHY("matched with typographic quotes, dashes and blanks compared as plain ones"),
  INDENTATION("matched with another indentation, and new_text re-indented to it,");

  private final String note;

  Likeness(String note) {
    this.note = note;
  }

  String note() {
    return note;
  }

  /// Lines with the same key are alike.
  String key(String line) {
    return switch (this) {
      case TRAILING_BLANKS -> stripEnd(line);
      case TYPOGRAPHY -> stripEnd(plainTypography(line));
      case INDENTATION -> strip(line);
    };
  }

  private static String stripEnd(String line) {
    int end = line.length();
    while (end > 0 && isBlank(line.charAt(end - 1))) {
      end--;
    }
    return line.substring(0, end);
  }

  private static String strip(String line) {
    String ended = stripEnd(line);
    int start = 0;
    while (start < ended.length() && isBlank(ended.charAt(start))) {
      start++;
    }
    return ended.substring(start);
  }

  static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\u000b';
  }

  private static String plainTypography(String line) {
    StringBuilder plain = new StringBuilder(line.length());
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      switch (c) {
        case '\u2018', '\u2019', '\u201a', '\u201b' -> plain.append('\'');
        case '\u201c', '\u201d', '\u201e', '\u201f' -> plain.append('"');
        case '\u2010', '\u2011', '\u2012', '\u2013', '\u2014', '\u2015', '\u2212' ->
            plain.append('-');
        case '\u00a0', '\u2002', '\u2003', '\u2009', '\u200a', '\u202f', '\u205f', '\u3000' ->
            plain.append(' ');
        default -> plain.append(c);
      }
    }
    return plain.toString();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
