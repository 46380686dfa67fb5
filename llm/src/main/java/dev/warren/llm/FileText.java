package dev.warren.llm;

import java.util.Locale;
import java.util.Set;

/// Attached files that a model can read as text, and what it is told of those that it cannot.
final class FileText {
  private static final Set<String> TEXTS =
      Set.of(
          "application/json",
          "application/xml",
          "application/yaml",
          "application/toml",
          "application/javascript",
          "application/x-sh");

  private FileText() {}

  static boolean readable(Part.File file) {
    String type = file.mediaType().toLowerCase(Locale.ROOT);
    return type.startsWith("text/")
        || TEXTS.contains(type)
        || type.endsWith("+json")
        || type.endsWith("+xml");
  }

  static String unreadable(Part.File file) {
    return "[The user attached the file "
        + file.name()
        + " of type "
        + file.mediaType()
        + ", which cannot be shown to you.]";
  }
}
