package dev.warren.daemon.file;

import java.util.List;

/// A file's text with `\n` for every line end, and the way back: what is replaced gets the line
/// ends of its place, all else keeps its own.
final class PlainText {
  private final String original;
  private final String text;

  /// Offsets in the original of each offset in the plain text; empty when they are the same.
  private final int[] offsets;

  private PlainText(String original, String text, int[] offsets) {
    this.original = original;
    this.text = text;
    this.offsets = offsets;
  }

  static PlainText of(String original) {
    if (original.indexOf('\r') < 0) {
      return new PlainText(original, original, new int[0]);
    }
    StringBuilder plain = new StringBuilder(original.length());
    int[] offsets = new int[original.length() + 1];
    for (int i = 0; i < original.length(); i++) {
      boolean pair =
          original.charAt(i) == '\r' && i + 1 < original.length() && original.charAt(i + 1) == '\n';
      offsets[plain.length()] = i;
      if (pair) {
        i++;
        plain.append('\n');
      } else {
        plain.append(original.charAt(i));
      }
    }
    offsets[plain.length()] = original.length();
    return new PlainText(original, plain.toString(), offsets);
  }

  static String plain(String text) {
    return text.replace("\r\n", "\n");
  }

  String text() {
    return text;
  }

  boolean hasLineEnds() {
    return text.indexOf('\n') >= 0;
  }

  String replace(int start, int end, String replacement) {
    int from = offset(start);
    int to = offset(end);
    return original.substring(0, from)
        + withLineEnds(replacement, original.substring(from, to))
        + original.substring(to);
  }

  String replaceAll(List<Integer> starts, int length, String replacement) {
    StringBuilder result = new StringBuilder();
    int copied = 0;
    for (int start : starts) {
      int from = offset(start);
      int to = offset(start + length);
      result.append(original, copied, from);
      result.append(withLineEnds(replacement, original.substring(from, to)));
      copied = to;
    }
    return result.append(original, copied, original.length()).toString();
  }

  private int offset(int plainOffset) {
    return offsets.length == 0 ? plainOffset : offsets[plainOffset];
  }

  /// The line ends of the place, or where it has none, the file's most frequent ones.
  private String withLineEnds(String replacement, String place) {
    String sample = place.indexOf('\n') >= 0 ? place : original;
    long lineEnds = sample.chars().filter(c -> c == '\n').count();
    long pairs = (long) sample.length() - sample.replace("\r\n", "\n").length();
    return pairs * 2 > lineEnds ? replacement.replace("\n", "\r\n") : replacement;
  }
}
