package dev.warren.protocol.daemon;

import java.util.regex.Pattern;

/// Tells which lines of a program's output report an error, so that cutting a long output keeps
/// them.
public final class ErrorLines {
  /// Longer lines are judged, and shown, by their start.
  public static final int LINE_CHARS_MAX = 300;

  /// A compiler's or linter's place at the start of a line: FILE:LINE: or FILE(LINE,COLUMN):
  private static final String PLACE =
      "^[\\w./@+-]+\\.\\w{1,8}(?::\\d+(?::\\d+)?(?::|\\s)|\\(\\d+,\\d+\\):?\\s)";

  private static final Pattern AT_A_PLACE = Pattern.compile(PLACE);

  private static final Pattern ERROR =
      Pattern.compile(
          "(?i)(?:\\b|_)(?:error|errors|err|exception|fail|fails|failed|failure|failures|failing"
              + "|fatal|panic|panicked|traceback|critical|aborted|denied|undefined|unresolved"
              + "|segfault|core dumped|killed|timed out|no such|not found|cannot|can't|could not"
              + "|couldn't|unable to|invalid|unexpected|mismatch|assertion\\w*|refused)\\b"
              + "|\\w(?:Error|Exception|Failure)\\b"
              + "|\\bexit(?:ed with)? (?:code|status) [1-9]"
              + "|^\\s*(?:E\\s{2,}|FAIL|ERR!|not ok\\b|✗|✘|×|❌|●)"
              + "|"
              + PLACE);

  /// What only a report of a failure begins with, or a compiler's or test runner's mark.
  private static final Pattern STRONG =
      Pattern.compile(
          "^\\s*(?:[-=*#>✗✘×❌●\\[\\] ]*\\b)?(?i:error|fail(?:ed|ure|ures)?|fatal|panic|traceback|exception|err!|exit code [1-9]\\d*)\\b(?!\\s*[:=]?\\s*0\\b)"
              + "|^\\s*(?:E\\s{2,}|not ok\\b|✗|✘|×|❌|●)"
              + "|(?i)##\\[error\\]|\\b(?:error|fatal)(?:\\[\\w+\\])?: |--- FAIL\\b|\\bexit(?:ed with)? (?:code|status) [1-9]"
              + "|\\w(?:Error|Exception)(?::|\\b)");

  /// Counts of nothing, and names that only hold the word.
  private static final Pattern HARMLESS =
      Pattern.compile(
          "(?i)\\b(?:0|no) (?:errors?|failures?|failed|failing|fail)\\b"
              + "|\\b(?:errors?|failures?|failed|fail): ?0\\b");

  private ErrorLines() {}

  /// Whether it is a report of an error, and not only a line that speaks of one.
  public static boolean reportsError(CharSequence line) {
    return looksLikeError(line) && STRONG.matcher(start(line)).find();
  }

  /// Whether it begins with a place in a file, as what compilers and linters report does.
  public static boolean beginsWithPlace(CharSequence line) {
    return AT_A_PLACE.matcher(start(line)).find();
  }

  private static CharSequence start(CharSequence line) {
    return line.length() <= LINE_CHARS_MAX ? line : line.subSequence(0, LINE_CHARS_MAX);
  }

  public static boolean looksLikeError(CharSequence line) {
    CharSequence start = start(line);
    if (!ERROR.matcher(start).find()) {
      return false;
    }
    return !HARMLESS.matcher(start).find()
        || ERROR.matcher(HARMLESS.matcher(start).replaceAll("")).find();
  }
}
