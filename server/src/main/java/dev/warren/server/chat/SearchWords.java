package dev.warren.server.chat;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Cuts text into the words that a search finds: runs of letters and digits, in lower case. So
/// `read_file(path)` is three words, and what people type is cut the same way as what was said.
/// Made here and not by PostgreSQL's parser, which takes `a.b` for a host name and `1e5` for a
/// number.
final class SearchWords {
  /// Characters of a message that are looked at.
  static final int TEXT_CHARS_MAX = 100_000;

  /// Different words of one message that are kept.
  static final int WORDS_MAX = 5_000;

  /// Bytes of all words of one message; PostgreSQL's own limit is 1 MiB.
  static final int BYTES_MAX = 256 * 1024;

  /// Characters of a word; the rest of a longer one is not searched.
  static final int WORD_CHARS_MAX = 64;

  /// Words of a search that count.
  static final int QUERY_WORDS_MAX = 8;

  private SearchWords() {}

  /// The words of what was said in a message, each once.
  static List<String> said(List<StoredPart> parts) {
    Set<String> words = new LinkedHashSet<>();
    int left = TEXT_CHARS_MAX;
    for (StoredPart part : parts) {
      String text =
          switch (part) {
            case StoredPart.Text it -> it.text();
            case StoredPart.File file -> file.name();
            default -> "";
          };
      String seen = text.substring(0, Math.min(left, text.length()));
      left -= seen.length();
      words.addAll(of(seen));
    }
    return bounded(words);
  }

  /// The words of a query, in their order.
  static List<String> asked(String query) {
    return of(query).stream().distinct().limit(QUERY_WORDS_MAX).toList();
  }

  private static List<String> of(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    String plain = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    plain
        .codePoints()
        .forEach(point -> {
          if (isWord(point)) {
            if (word.length() < WORD_CHARS_MAX - 1) {
              word.appendCodePoint(point);
            }
          } else {
            end(word, words);
          }
        });
    end(word, words);
    return words;
  }

  private static boolean isWord(int point) {
    return Character.isLetterOrDigit(point)
        || Character.getType(point) == Character.NON_SPACING_MARK
        || Character.getType(point) == Character.COMBINING_SPACING_MARK;
  }

  private static void end(StringBuilder word, List<String> words) {
    if (!word.isEmpty()) {
      words.add(word.toString());
      word.setLength(0);
    }
  }

  private static List<String> bounded(Set<String> words) {
    List<String> kept = new ArrayList<>();
    int bytes = 0;
    for (String word : words) {
      bytes += word.getBytes(StandardCharsets.UTF_8).length;
      if (kept.size() == WORDS_MAX || bytes > BYTES_MAX) {
        return kept;
      }
      kept.add(word);
    }
    return kept;
  }
}
