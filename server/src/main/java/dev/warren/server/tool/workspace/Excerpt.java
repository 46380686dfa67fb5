package dev.warren.server.tool.workspace;

import dev.warren.protocol.daemon.ErrorLines;
import dev.warren.protocol.daemon.ProcessOutput;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/// A command's output as the model gets it: whole when it is short, else its head, the lines of its
/// middle that look like errors, and its tail, with the cuts marked.
///
/// @param truncated whether something is left out
record Excerpt(String text, boolean truncated) {
  /// Characters of an answer's output. (The 99th percentile of real outputs is 15,000.)
  static final int CHARS_MAX = 16_000;

  static Excerpt of(ProcessOutput output) {
    if (output.omittedBytes() == 0) {
      return cut(output.head() + output.tail(), CHARS_MAX);
    }
    // Both ends are here; what lies between is on the workspace's disk.
    return fitting(
        CHARS_MAX,
        shares -> {
          String head = wholeLinesFrom(output.head(), shares.headChars());
          String tail = wholeLinesTo(output.tail(), shares.tailChars());
          String middle =
              output.head().substring(head.length())
                  + "\n"
                  + String.join("\n", output.notable())
                  + "\n"
                  + output.tail().substring(0, output.tail().length() - tail.length());
          long omitted =
              output.omittedBytes()
                  + (output.head().length() - head.length())
                  + (output.tail().length() - tail.length());
          Errors errors = errors(middle, shares.errorChars());
          String marked = marked(errors.lines(), omitted, output.process().outputPath());
          return new Parts(head, marked, tail, errors.all());
        });
  }

  /// A text within so many characters.
  static Excerpt cut(String text, int charsMax) {
    if (text.length() <= charsMax) {
      return new Excerpt(text, false);
    }
    return fitting(
        charsMax,
        shares -> {
          String head = wholeLinesFrom(text, shares.headChars());
          String tail = wholeLinesTo(text, shares.tailChars());
          String middle = text.substring(head.length(), text.length() - tail.length());
          Errors errors = errors(middle, shares.errorChars());
          // What the errors do not need goes to the tail.
          int spare = shares.errorChars() - errors.chars();
          int tailChars = Math.min(text.length() - head.length(), shares.tailChars() + spare);
          tail = wholeLinesTo(text, tailChars);
          long omitted = (long) text.length() - head.length() - tail.length();
          return new Parts(head, marked(errors.lines(), omitted, ""), tail, errors.all());
        });
  }

  /// What of a cut text goes to its parts; the tail has the rest.
  private record Shares(int charsMax, double head, double errors) {
    int headChars() {
      return (int) (charsMax * head);
    }

    int errorChars() {
      return (int) (charsMax * errors);
    }

    int tailChars() {
      return charsMax - headChars() - errorChars();
    }
  }

  /// @param allErrors whether no error line of the middle had to stay out
  private record Parts(String head, String marked, String tail, boolean allErrors) {}

  /// Where the middle's error lines need more than half, head and tail give way, to a tenth each.
  private static Excerpt fitting(int charsMax, Function<Shares, Parts> cut) {
    Parts parts = cut.apply(new Shares(charsMax, 0.2, 0.5));
    if (!parts.allErrors()) {
      parts = cut.apply(new Shares(charsMax, 0.1, 0.8));
    }
    return new Excerpt(parts.head() + "\n" + parts.marked() + parts.tail(), true);
  }

  private static String marked(List<String> errors, long omitted, String path) {
    StringBuilder text = new StringBuilder("[… ").append(omitted).append(" bytes left out");
    if (!path.isEmpty()) {
      text.append("; all of it: ").append(path);
    }
    text.append("]\n");
    if (!errors.isEmpty()) {
      text.append("[of these, lines that look like errors:]\n");
      errors.forEach(line -> text.append(line).append('\n'));
      text.append("[…]\n");
    }
    return text.toString();
  }

  /// The chosen lines of a middle.
  ///
  /// @param all whether no error line had to stay out
  private record Errors(List<String> lines, boolean all) {
    int chars() {
      return lines.stream().mapToInt(line -> line.length() + 1).sum();
    }
  }

  /// The lines that matter most, in their order, within so many characters. Equal ones once.
  private static Errors errors(String text, int charsMax) {
    List<String> lines = text.lines().toList();
    boolean[] chosen = new boolean[lines.size()];
    Set<String> seen = new HashSet<>();
    int left = charsMax;
    boolean all = true;
    for (Weight weight : Weight.values()) {
      for (int i = 0; i < lines.size(); i++) {
        if (chosen[i] || lines.get(i).isBlank() || !weight.of(lines, i)) {
          continue;
        }
        String line = cutLine(lines.get(i));
        if (seen.contains(line)) {
          continue;
        }
        if (line.length() < left) {
          seen.add(line);
          chosen[i] = true;
          left -= line.length() + 1;
        } else if (weight != Weight.AFTER_A_REPORT) {
          all = false;
        }
      }
    }
    return new Errors(
        IntStream.range(0, chosen.length)
            .filter(i -> chosen[i])
            .mapToObj(i -> cutLine(lines.get(i)))
            .toList(),
        all);
  }

  /// Why a line of the middle is kept, the best reason first: it reports an error; it begins with a
  /// place in a file, as what compilers and linters report does; it speaks of an error; it follows
  /// a report.
  private enum Weight {
    REPORT,
    PLACE,
    MENTION,
    AFTER_A_REPORT;

    boolean of(List<String> lines, int i) {
      return switch (this) {
        case REPORT -> ErrorLines.reportsError(lines.get(i));
        case PLACE -> ErrorLines.beginsWithPlace(lines.get(i));
        case MENTION -> ErrorLines.looksLikeError(lines.get(i));
        case AFTER_A_REPORT -> i > 0 && ErrorLines.reportsError(lines.get(i - 1));
      };
    }
  }

  private static String cutLine(String line) {
    return line.length() <= ErrorLines.LINE_CHARS_MAX
        ? line
        : line.substring(0, boundary(line, ErrorLines.LINE_CHARS_MAX)) + "…";
  }

  private static String wholeLinesFrom(String text, int chars) {
    if (text.length() <= chars) {
      return text;
    }
    int end = text.lastIndexOf('\n', chars);
    return text.substring(0, end > chars / 2 ? end : boundary(text, chars));
  }

  private static String wholeLinesTo(String text, int chars) {
    if (text.length() <= chars) {
      return text;
    }
    int start = text.length() - chars;
    int line = text.indexOf('\n', start);
    return text.substring(line >= 0 && line - start < chars / 2 ? line + 1 : boundary(text, start));
  }

  /// Not between the halves of a character.
  private static int boundary(String text, int at) {
    return at > 0 && at < text.length() && Character.isLowSurrogate(text.charAt(at)) ? at - 1 : at;
  }
}
