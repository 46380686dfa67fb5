package dev.warren.protocol.daemon;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which terminal a stream is for: the target of a `terminal` stream, `SESSION COLUMNSxROWS`.
///
/// @param session an id of the viewer's choice; the same one attaches to the same terminal
public record TerminalTarget(UUID session, int columns, int rows) {
  /// Largest terminal each way.
  public static final int SIZE_MAX = 500;

  private static final Pattern FORM =
      Pattern.compile("([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}) (\\d{1,3})x(\\d{1,3})");

  public TerminalTarget {
    if (columns < 1 || columns > SIZE_MAX || rows < 1 || rows > SIZE_MAX) {
      throw new IllegalArgumentException(
          "a terminal of %dx%d; each side has 1 to %d".formatted(columns, rows, SIZE_MAX));
    }
  }

  public static Optional<TerminalTarget> parse(String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    int columns = Integer.parseInt(parts.group(2));
    int rows = Integer.parseInt(parts.group(3));
    boolean fits = columns >= 1 && columns <= SIZE_MAX && rows >= 1 && rows <= SIZE_MAX;
    return fits
        ? Optional.of(new TerminalTarget(UUID.fromString(parts.group(1)), columns, rows))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return session + " " + columns + "x" + rows;
  }
}
