package dev.warren.server.chat;

import java.util.List;
import java.util.stream.Stream;

/// What becomes of texts from outside before they are kept.
public final class ChatText {
  /// Characters of a title that is cut from the prompt.
  private static final int PROMPT_TITLE_CHARS_MAX = 80;

  private ChatText() {}

  /// A title from the beginning of a message: of its text, or, where it has none, the name of the
  /// first file.
  public static String title(List<StoredPart> parts) {
    return Stream.concat(
            parts.stream().map(part -> part instanceof StoredPart.Text it ? it.text() : ""),
            parts.stream().map(part -> part instanceof StoredPart.File it ? it.name() : ""))
        .map(text -> text.strip().replaceAll("\\s+", " "))
        .filter(line -> !line.isEmpty())
        .findFirst()
        .map(ChatText::cut)
        .orElse("New chat");
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
