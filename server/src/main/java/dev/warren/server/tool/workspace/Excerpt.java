package dev.warren.server.tool.workspace;

import dev.warren.protocol.daemon.ErrorLines;
import dev.warren.protocol.daemon.ProcessOutput;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// A command's output as the model gets it: whole when it is short, else its head, the lines of its
/// middle that look like errors, and its tail, with the cuts marked.
///
/// @param truncated whether something is left out
record Excerpt(String text, boolean truncated) {
  /// Characters of an answer's output. (The 99th percentile of real outputs is 15,000.)
  static final int CHARS_MAX = 16_000;

  /// Of a text that is cut, the shares of its head and of the middle's error lines; the rest is the
  /// tail's.
  private static final double HEAD_SHARE = 0.2;

  private static final double ERRORS_SHARE = 0.5;

  static Excerpt of(ProcessOutput output) {
    if (output.omittedBytes() == 0) {
      return cut(output.head() + output.tail(), CHARS_MAX);
    }
    // Both ends are here; what lies between is on the workspace's disk.
    String head = wholeLinesFrom(output.head(), headChars(CHARS_MAX));
    String tail = wholeLinesTo(output.tail(), tailChars(CHARS_MAX));
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
    return new Excerpt(
        head
            + "\n"
            + marked(errors(middle, errorChars(CHARS_MAX)), omitted, output.process().outputPath())
            + tail,
        true);
  }

  /// A text within so many characters.
  static Excerpt cut(String text, int charsMax) {
    if (text.length() <= charsMax) {
      return new Excerpt(text, false);
    }
    String head = wholeLinesFrom(text, headChars(charsMax));
    String tail = wholeLinesTo(text, tailChars(charsMax));
    String middle = text.substring(head.length(), text.length() - tail.length());
    List<String> errors = errors(middle, errorChars(charsMax));
    // What the errors do not need goes to the tail.
    int spare = errorChars(charsMax) - errors.stream().mapToInt(line -> line.length() + 1).sum();
    tail = wholeLinesTo(text, Math.min(text.length() - head.length(), tailChars(charsMax) + spare));
    long omitted = (long) text.length() - head.length() - tail.length();
    return new Excerpt(head + "\n" + marked(errors, omitted, "") + tail, true);
  }

  private static int headChars(int charsMax) {
    return (int) (charsMax * HEAD_SHARE);
  }

  private static int errorChars(int charsMax) {
    return (int) (charsMax * ERRORS_SHARE);
  }

  private static int tailChars(int charsMax) {
    return charsMax - headChars(charsMax) - errorChars(charsMax);
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

  /// The lines that matter most, in their order, within so many characters: those that report an
  /// error first, then those that speak of one, then what follows a report. Equal ones once.
  private static List<String> errors(String text, int charsMax) {
    List<String> lines = text.lines().toList();
    boolean[] chosen = new boolean[lines.size()];
    Set<String> seen = new HashSet<>();
    int left = charsMax;
    for (Weight weight : Weight.values()) {
      for (int i = 0; i < lines.size(); i++) {
        if (chosen[i] || lines.get(i).isBlank() || !weight.of(lines, i)) {
          continue;
        }
        String line = cutLine(lines.get(i));
        if (line.length() < left && seen.add(line)) {
          chosen[i] = true;
          left -= line.length() + 1;
        }
      }
    }
    return IntStream.range(0, chosen.length)
        .filter(i -> chosen[i])
        .mapToObj(i -> cutLine(lines.get(i)))
        .toList();
  }

  /// Why a line of the middle is kept.
  private enum Weight {
    REPORT,
    MENTION,
    AFTER_A_REPORT;

    boolean of(List<String> lines, int i) {
      return switch (this) {
        case REPORT -> ErrorLines.reportsError(lines.get(i));
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
