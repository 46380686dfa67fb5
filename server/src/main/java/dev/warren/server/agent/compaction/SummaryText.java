package dev.warren.server.agent.compaction;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// What of a summariser's answer is taken. Its model may have refused, repeated what it was given,
/// run on, or been talked into something by the text it read: a bad answer is no answer, and a good
/// one is cut and defused.
public final class SummaryText {
  /// Tokens of a summary that are kept.
  public static final int TOKENS_MAX = 4_096;

  /// An answer this long that begins with a refusal may still be a summary.
  private static final int REFUSAL_CHARS_MAX = 600;

  private static final List<String> REFUSALS =
      List.of(
          "i can't",
          "i can’t",
          "i cannot",
          "i'm sorry",
          "i’m sorry",
          "i am sorry",
          "i'm unable",
          "i’m unable",
          "i am unable",
          "i won't",
          "i won’t",
          "sorry, ",
          "as an ai");

  /// Shorter answers are not looked at for echoes: quotes are welcome in a summary.
  private static final int ECHO_CHARS_MIN = 1_500;

  private static final int SHINGLE_WORDS = 8;

  /// The share of an answer's word sequences that may stand in the conversation, too.
  private static final double ECHO_SHARE_MAX = 0.6;

  private static final Pattern BLANKS = Pattern.compile("\\s+");
  private static final Pattern OUR_TAGS =
      Pattern.compile(
          "<(/?\\s*(?:summary|user_message|conversation|state))", Pattern.CASE_INSENSITIVE);
  private static final Pattern CONTROLS = Pattern.compile("[\\p{Cntrl}&&[^\\n\\t]]");

  private SummaryText() {}

  /// The text to keep, or none when the answer is no summary.
  ///
  /// @param refused the provider says so
  /// @param asked the instruction and whatever else the model was given as text
  /// @param charsMax of what is kept
  public static Optional<String> accept(
      String answer, boolean refused, String asked, int charsMax) {
    String text = CONTROLS.matcher(answer.replace("\r\n", "\n")).replaceAll("").strip();
    if (refused || text.isEmpty() || refuses(text) || echoes(text, asked)) {
      return Optional.empty();
    }
    return Optional.of(cut(defuse(text), charsMax));
  }

  private static boolean refuses(String text) {
    String start = text.substring(0, Math.min(40, text.length())).toLowerCase(Locale.ROOT);
    return text.length() <= REFUSAL_CHARS_MAX && REFUSALS.stream().anyMatch(start::startsWith);
  }

  /// Whether an answer is but the instruction, or a large copy of the conversation.
  private static boolean echoes(String text, String asked) {
    String own = BLANKS.matcher(text).replaceAll(" ");
    String given = BLANKS.matcher(asked).replaceAll(" ");
    if (own.contains(firstWords(SummaryInstruction.TEXT))) {
      return true;
    }
    if (own.length() < ECHO_CHARS_MIN) {
      return false;
    }
    Set<Integer> known = shingles(given);
    Set<Integer> mine = shingles(own);
    long copied = mine.stream().filter(known::contains).count();
    return copied > ECHO_SHARE_MAX * mine.size();
  }

  private static String firstWords(String instruction) {
    String line = BLANKS.matcher(instruction.strip()).replaceAll(" ");
    return line.substring(0, Math.min(60, line.length()));
  }

  /// Hashes of all word sequences of a length; a few that collide do not matter to a share.
  private static Set<Integer> shingles(String text) {
    List<String> words = List.of(text.split(" ", -1));
    Set<Integer> all = new HashSet<>();
    for (int i = 0; i + SHINGLE_WORDS <= words.size(); i++) {
      all.add(words.subList(i, i + SHINGLE_WORDS).hashCode());
    }
    return all;
  }

  /// Our own tags cannot be closed or opened by what stands between them.
  static String defuse(String text) {
    return OUR_TAGS.matcher(text).replaceAll("‹$1");
  }

  /// At a paragraph's or line's end where there is one near.
  static String cut(String text, int charsMax) {
    if (text.length() <= charsMax) {
      return text;
    }
    int line = text.lastIndexOf('\n', charsMax);
    int end = line > charsMax / 2 ? line : charsMax;
    if (Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end).stripTrailing()
        + "\n[… the summary was longer; "
        + (text.length() - end)
        + " characters are left out]";
  }
}
