package dev.warren.server.tool.workspace;

import dev.warren.protocol.daemon.ErrorLines;
import dev.warren.protocol.daemon.ProcessOutput;
import java.util.ArrayList;
import java.util.List;

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

  private static final double ERRORS_SHARE = 0.3;

  static Excerpt of(ProcessOutput output) {
    if (output.omittedBytes() == 0) {
      return cut(output.head() + output.tail(), CHARS_MAX);
    }
    // Both ends are here; what lies between is on the workspace's disk.
    List<String> notable = new ArrayList<>(errors(dropFirstLine(output.head(), headChars())));
    notable.addAll(output.notable());
    String tail = output.tail();
    int tailChars = CHARS_MAX - headChars() - errorChars();
    notable.addAll(errors(tail.substring(0, Math.max(0, tail.length() - tailChars))));
    String text =
        wholeLinesFrom(output.head(), headChars())
            + "\n"
            + marked(notable, output.omittedBytes(), output.process().outputPath())
            + wholeLinesTo(tail, tailChars);
    return new Excerpt(text, true);
  }

  private static String dropFirstLine(String head, int chars) {
    return head.length() <= chars ? "" : head.substring(wholeLinesFrom(head, chars).length());
  }

  private static int headChars() {
    return (int) (CHARS_MAX * HEAD_SHARE);
  }

  private static int errorChars() {
    return (int) (CHARS_MAX * ERRORS_SHARE);
  }

  /// A text within so many characters.
  static Excerpt cut(String text, int charsMax) {
    if (text.length() <= charsMax) {
      return new Excerpt(text, false);
    }
    int headChars = (int) (charsMax * HEAD_SHARE);
    int errorChars = (int) (charsMax * ERRORS_SHARE);
    String head = wholeLinesFrom(text, headChars);
    List<String> notable = new ArrayList<>();
    int left = errorChars;
    int tailChars = charsMax - headChars - errorChars;
    String tail = wholeLinesTo(text, tailChars);
    String middle = text.substring(head.length(), text.length() - tail.length());
    for (String line : errors(middle)) {
      left -= line.length() + 1;
      if (left < 0) {
        break;
      }
      notable.add(line);
    }
    // What the errors do not need goes to the tail.
    tail = wholeLinesTo(text, tailChars + Math.max(0, left));
    long omitted = (long) text.length() - head.length() - tail.length();
    return new Excerpt(head + "\n" + marked(notable, omitted, "") + tail, true);
  }

  private static String marked(List<String> notable, long omitted, String path) {
    StringBuilder text = new StringBuilder("[… ").append(omitted).append(" bytes left out");
    if (!path.isEmpty()) {
      text.append("; all of it: ").append(path);
    }
    text.append("]\n");
    if (!notable.isEmpty()) {
      text.append("[lines of the part left out that look like errors:]\n");
      int left = errorChars();
      for (String line : notable) {
        left -= line.length() + 1;
        if (left < 0) {
          text.append("[… and more]\n");
          break;
        }
        text.append(line).append('\n');
      }
      text.append("[…]\n");
    }
    return text.toString();
  }

  /// Error-looking lines, each with the line after it.
  private static List<String> errors(String text) {
    List<String> found = new ArrayList<>();
    boolean follows = false;
    for (String line : text.lines().toList()) {
      boolean error = ErrorLines.looksLikeError(line);
      if ((error || follows) && !line.isBlank()) {
        found.add(
            line.length() <= ErrorLines.LINE_CHARS_MAX
                ? line
                : line.substring(0, ErrorLines.LINE_CHARS_MAX) + "…");
      }
      follows = error;
    }
    return found;
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
