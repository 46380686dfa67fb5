package dev.warren.server.http;

/// Text from outside.
final class Texts {
  private Texts() {}

  /// `text` with U+FFFD for each NUL and lone surrogate.
  static String clean(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0 || Character.isSurrogate(c)) {
        return cleaned(text);
      }
    }
    return text;
  }

  private static String cleaned(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        clean.append(c).append(text.charAt(i + 1));
        i++;
      } else {
        clean.append(c == 0 || Character.isSurrogate(c) ? '\ufffd' : c);
      }
    }
    return clean.toString();
  }
}
