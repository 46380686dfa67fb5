package dev.warren.daemon.file;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds the one place that an edit means, first exactly, then with ever more blanks ignored.
///
/// Each rung wants exactly one place; the first rung with any place decides, and two refuse. No
/// rung ignores a character that is not blank, so a lenient match can be wrong in blanks only, and
/// says so.
///
/// 1. The text as given, line ends adapted to the file.
/// 2. Whole lines, trailing blanks ignored.
/// 3. Whole lines, also typographic quotes, dashes and blanks compared as plain ones.
/// 4. Whole lines, all outer blanks ignored, at least two that are not blank; the new text is
///    re-indented as the old one was ([Indentation]).
/// 5. Rungs 2 to 4 without blank lines around the old text.
/// 6. Rungs 1 to 5 without line numbers, when every line of the old text has one.
/// 7. A one-line old text whose `\n`, `\t`, `\"` are escapes, exactly.
final class EditLadder {
  private static final Pattern NUMBERED = Pattern.compile("^ *([0-9]{1,7})(\t|→|\\||: ?)(.*)$");

  private EditLadder() {}

  sealed interface Result permits Applied, Refused {}

  /// @param note where the match was lenient
  record Applied(String text, Optional<String> note) implements Result {}

  /// @param reason what the file holds instead, and what would help
  record Refused(String reason) implements Result {}

  /// A place in the plain text and what goes there.
  private record Place(int start, int end, String replacement) {}

  /// What one rung found.
  private sealed interface Found {
    record Nothing() implements Found {}

    record One(Place place, Optional<String> note) implements Found {}

    record Many(List<Integer> lines) implements Found {}
  }

  static Result apply(String file, String oldText, String newText, boolean replaceAll) {
    PlainText plain = PlainText.of(file);
    String oldPlain = PlainText.plain(oldText);
    String newPlain = plain.hasLineEnds() ? PlainText.plain(newText) : newText;
    if (oldPlain.isEmpty()) {
      return new Refused("old_text is empty: give the text to replace, or write the whole file");
    }
    if (oldPlain.equals(newPlain)) {
      return new Refused("old_text and new_text are the same: nothing to change");
    }
    if (replaceAll) {
      List<Integer> places = occurrences(plain.text(), oldPlain, false);
      if (!places.isEmpty()) {
        return new Applied(plain.replaceAll(places, oldPlain.length(), newPlain), Optional.empty());
      }
      return new Refused(NearestLines.notFound(plain.text(), oldPlain, newPlain));
    }
    return switch (find(plain.text(), oldPlain, newPlain)) {
      case Found.One one ->
          new Applied(
              plain.replace(one.place.start, one.place.end, one.place.replacement), one.note);
      case Found.Many many ->
          new Refused(
              NearestLines.ambiguous(
                  plain.text(), many.lines, LineBlock.of(oldPlain).lines().size()));
      case Found.Nothing none ->
          new Refused(NearestLines.notFound(plain.text(), oldPlain, newPlain));
    };
  }

  private static Found find(String text, String oldText, String newText) {
    Found found = findUnnumbered(text, oldText, newText);
    if (!(found instanceof Found.Nothing)) {
      return found;
    }
    Optional<String> bareOld = withoutNumbers(oldText, true);
    if (bareOld.isPresent() && !bareOld.get().isBlank()) {
      String bareNew = withoutNumbers(newText, false).orElse(newText);
      found =
          noted(
              findUnnumbered(text, bareOld.get(), bareNew),
              "line numbers at the start of each line were dropped");
      if (!(found instanceof Found.Nothing)) {
        return found;
      }
    }
    if (oldText.indexOf('\n') < 0 && oldText.indexOf('\\') >= 0) {
      String unescaped = unescape(oldText);
      if (!unescaped.equals(oldText) && !unescaped.isBlank()) {
        return noted(
            exact(text, unescaped, unescape(newText)),
            "escapes such as \\n were read as the characters they stand for");
      }
    }
    return found;
  }

  private static Found findUnnumbered(String text, String oldText, String newText) {
    Found found = exact(text, oldText, newText);
    if (!(found instanceof Found.Nothing) || oldText.isBlank()) {
      return found;
    }
    LineBlock lines = LineBlock.of(text);
    LineBlock old = LineBlock.of(oldText);
    LineBlock replacement = LineBlock.of(newText);
    found = byLines(text, lines, old, replacement);
    if (!(found instanceof Found.Nothing)) {
      return found;
    }
    int leading = old.leadingBlank();
    int trailing = old.trailingBlank();
    if (leading + trailing == 0) {
      return found;
    }
    return noted(
        byLines(
            text,
            lines,
            old.without(leading, trailing),
            replacement.without(
                Math.min(leading, replacement.leadingBlank()),
                Math.min(trailing, replacement.trailingBlank()))),
        "blank lines around old_text were ignored");
  }

  private static Found exact(String text, String oldText, String newText) {
    List<Integer> places = occurrences(text, oldText, true);
    if (places.isEmpty()) {
      return new Found.Nothing();
    }
    if (places.size() > 1) {
      return new Found.Many(places.stream().map(at -> lineOf(text, at)).toList());
    }
    int at = places.getFirst();
    return new Found.One(new Place(at, at + oldText.length(), newText), Optional.empty());
  }

  private static Found byLines(String text, LineBlock lines, LineBlock old, LineBlock replacement) {
    for (Likeness likeness : Likeness.values()) {
      if (likeness == Likeness.INDENTATION && old.nonBlank() < 2) {
        break;
      }
      List<Integer> places = lines.places(old, likeness);
      if (places.size() > 1) {
        return new Found.Many(places.stream().map(line -> line + 1).toList());
      }
      if (places.size() == 1) {
        int first = places.getFirst();
        List<String> there = lines.lines().subList(first, first + old.lines().size());
        Optional<List<String>> adapted = adapt(old.lines(), there, replacement.lines(), likeness);
        if (adapted.isEmpty()) {
          return new Found.Nothing();
        }
        return new Found.One(
            place(text, lines, first, old, replacement, adapted.get()),
            Optional.of(
                "%s at lines %d-%d"
                    .formatted(likeness.note(), first + 1, first + old.lines().size())));
      }
    }
    return new Found.Nothing();
  }

  /// The new lines with the indentation of the place; empty when that is in contradiction.
  private static Optional<List<String>> adapt(
      List<String> old, List<String> there, List<String> replacement, Likeness likeness) {
    if (likeness != Likeness.INDENTATION) {
      return Optional.of(replacement);
    }
    Optional<Indentation> indentation = Indentation.between(old, there);
    if (indentation.isEmpty()) {
      return Optional.empty();
    }
    List<String> adapted = new ArrayList<>();
    for (String line : replacement) {
      Optional<String> moved = indentation.get().apply(line);
      if (moved.isEmpty()) {
        return Optional.empty();
      }
      adapted.add(moved.get());
    }
    return Optional.of(adapted);
  }

  private static Place place(
      String text,
      LineBlock lines,
      int first,
      LineBlock old,
      LineBlock replacement,
      List<String> adapted) {
    int last = first + old.lines().size() - 1;
    int start = lines.start(first);
    int end = lines.end(last);
    StringBuilder joined = new StringBuilder(String.join("\n", adapted));
    if (replacement.endsWithLineEnd() && !adapted.isEmpty()) {
      joined.append('\n');
    }
    if (old.endsWithLineEnd()) {
      boolean fileEndsThere = end == text.length();
      end = Math.min(text.length(), end + 1);
      if (fileEndsThere && !joined.isEmpty() && joined.charAt(joined.length() - 1) == '\n') {
        joined.setLength(joined.length() - 1);
      }
    }
    return new Place(start, end, joined.toString());
  }

  private static Found noted(Found found, String note) {
    return switch (found) {
      case Found.One one ->
          new Found.One(
              one.place, Optional.of(one.note.map(more -> note + "; " + more).orElse(note)));
      case Found.Many many -> many;
      case Found.Nothing nothing -> nothing;
    };
  }

  /// The text without the numbers at the starts of its lines.
  ///
  /// @param all whether each line has to have one, counting up; otherwise those that have one
  private static Optional<String> withoutNumbers(String text, boolean all) {
    List<String> bare = new ArrayList<>();
    long expected = -1;
    boolean endsWithLineEnd = text.endsWith("\n");
    String body = endsWithLineEnd ? text.substring(0, text.length() - 1) : text;
    boolean any = false;
    for (String line : body.split("\n", -1)) {
      Matcher matcher = NUMBERED.matcher(line);
      if (!matcher.matches()) {
        if (all) {
          return Optional.empty();
        }
        bare.add(line);
        continue;
      }
      long number = Long.parseLong(matcher.group(1));
      if (all && expected >= 0 && number != expected) {
        return Optional.empty();
      }
      expected = number + 1;
      any = true;
      bare.add(matcher.group(3));
    }
    return any
        ? Optional.of(String.join("\n", bare) + (endsWithLineEnd ? "\n" : ""))
        : Optional.empty();
  }

  private static final Pattern ESCAPE = Pattern.compile("\\\\([ntr\"'\\\\])");

  private static String unescape(String text) {
    return ESCAPE
        .matcher(text)
        .replaceAll(escape ->
            Matcher.quoteReplacement(
                switch (escape.group(1)) {
                  case "n" -> "\n";
                  case "t" -> "\t";
                  case "r" -> "";
                  default -> escape.group(1);
                }));
  }

  /// Where `part` stands in `text`.
  ///
  /// @param overlapping whether places may overlap, as they do when they are counted
  static List<Integer> occurrences(String text, String part, boolean overlapping) {
    List<Integer> places = new ArrayList<>();
    int at = text.indexOf(part);
    while (at >= 0) {
      places.add(at);
      at = text.indexOf(part, at + (overlapping ? 1 : part.length()));
    }
    return places;
  }

  static int lineOf(String text, int offset) {
    int line = 1;
    for (int i = text.indexOf('\n'); i >= 0 && i < offset; i = text.indexOf('\n', i + 1)) {
      line++;
    }
    return line;
  }
}
