package dev.warren.server.chat;

import java.util.List;

/// What becomes of texts from outside before they are kept.
public final class ChatText {
  /// Characters of a title that is cut from the prompt.
  private static final int PROMPT_TITLE_CHARS_MAX = 80;

  private ChatText() {}

  /// A title from the beginning of a message.
  public static String title(List<StoredPart> parts) {
    for (StoredPart part : parts) {
      String text =
          switch (part) {
            case StoredPart.Text it -> it.text();
            case StoredPart.File file -> file.name();
            default -> "";
          };
      String line = text.strip().replaceAll("\\s+", " ");
      if (!line.isEmpty()) {
        return cut(line);
      }
    }
    return "New chat";
  }

  private static String cut(String line) {
    if (line.length() <= PROMPT_TITLE_CHARS_MAX) {
      return line;
    }
    int space = line.lastIndexOf(' ', PROMPT_TITLE_CHARS_MAX - 1);
    int end = space > PROMPT_TITLE_CHARS_MAX / 2 ? space : PROMPT_TITLE_CHARS_MAX - 1;
    if (Character.isHighSurrogate(line.charAt(end - 1))) {
      end--;
    }
    return line.substring(0, end) + "…";
  }

  /// What the database or a provider could not take becomes U+FFFD: NUL and lone surrogates.
  public static String clean(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints()
        .forEach(point ->
            clean.appendCodePoint(
                point == 0 || (point >= 0xD800 && point <= 0xDFFF) ? 0xFFFD : point));
    return clean.toString();
  }
}
