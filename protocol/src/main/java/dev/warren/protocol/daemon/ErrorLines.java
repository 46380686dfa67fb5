package dev.warren.protocol.daemon;

import java.util.regex.Pattern;

/// Tells which lines of a program's output report an error, so that cutting a long output keeps
/// them.
public final class ErrorLines {
  /// Longer lines are judged, and shown, by their start.
  public static final int LINE_CHARS_MAX = 300;

  private static final Pattern ERROR =
      Pattern.compile(
          "(?i)(?:\\b|_)(?:error|errors|err|exception|fail|fails|failed|failure|failures|failing"
              + "|fatal|panic|panicked|traceback|critical|aborted|denied|undefined|unresolved"
              + "|segfault|core dumped|killed|timed out|no such|not found|cannot|can't|could not"
              + "|couldn't|unable to|invalid|unexpected|mismatch|assertion\\w*|refused)\\b"
              + "|\\w(?:Error|Exception|Failure)\\b"
              + "|^\\s*(?:E\\s{2,}|FAIL|ERR!|not ok\\b|✗|✘|×|❌|●)"
              + "|^\\S+?:\\d+(?::\\d+)?:? (?:error|fatal)");

  /// Counts of nothing, and names that only hold the word.
  private static final Pattern HARMLESS =
      Pattern.compile(
          "(?i)\\b(?:0|no) (?:errors?|failures?|failed|failing|fail)\\b"
              + "|\\b(?:errors?|failures?|failed|fail): ?0\\b");

  private ErrorLines() {}

  public static boolean looksLikeError(CharSequence line) {
    CharSequence start =
        line.length() <= LINE_CHARS_MAX ? line : line.subSequence(0, LINE_CHARS_MAX);
    if (!ERROR.matcher(start).find()) {
      return false;
    }
    return !HARMLESS.matcher(start).find()
        || ERROR.matcher(HARMLESS.matcher(start).replaceAll("")).find();
  }
}
