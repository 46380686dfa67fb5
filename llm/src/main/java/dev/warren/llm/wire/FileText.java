package dev.warren.llm.wire;

import dev.warren.llm.Part;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;

/// Attached files that a model can read as text, and what it is told of those that it cannot.
public final class FileText {
  private static final Set<String> TEXTS =
      Set.of(
          "application/json",
          "application/xml",
          "application/yaml",
          "application/toml",
          "application/javascript",
          "application/x-sh");

  private FileText() {}

  public static boolean readable(Part.File file) {
    String type = file.mediaType().toLowerCase(Locale.ROOT);
    return type.startsWith("text/")
        || TEXTS.contains(type)
        || type.endsWith("+json")
        || type.endsWith("+xml");
  }

  public static boolean pdf(Part.File file) {
    return file.mediaType().equals("application/pdf");
  }

  public static String base64(Part.File file) {
    return Base64.getEncoder().encodeToString(file.content());
  }

  public static String dataUrl(Part.File file) {
    return "data:" + file.mediaType() + ";base64," + base64(file);
  }

  /// Its content, else a sentence that says why not: for where no block of its own is.
  public static String shown(Part.File file) {
    return readable(file)
        ? "The user attached the file "
            + file.name()
            + ":\n\n"
            + new String(file.content(), StandardCharsets.UTF_8)
        : unreadable(file);
  }

  public static String unreadable(Part.File file) {
    return "[The user attached the file "
        + file.name()
        + " of type "
        + file.mediaType()
        + ", which cannot be shown to you.]";
  }
}
