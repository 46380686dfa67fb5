package dev.warren.daemon.file;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Says what a file holds where an edit was meant to go.
final class NearestLines {
  /// Lines that are shown.
  private static final int LINES_MAX = 40;

  /// About 600 tokens.
  private static final int CHARS_MAX = 2_200;

  /// Lines shown before and after the place where the text should be.
  private static final int AROUND = 8;

  /// Line numbers that an error names, and places whose surroundings it shows.
  private static final int PLACES_TOLD = 20;

  private static final int PLACES_SHOWN = 3;

  private static final int LINE_CHARS_MAX = 300;

  /// Files with more lines are searched by equal lines only.
  private static final int SCORED_CELLS_MAX = 2_000_000;

  /// Lines below this likeness are not worth showing.
  private static final double LIKENESS_MIN = 0.5;

  private NearestLines() {}

  static String notFound(String text, String oldText, String newText) {
    StringBuilder reason = new StringBuilder("old_text was not found");
    boolean alreadyThere =
        !newText.isBlank()
            && newText.strip().length() > 10
            && EditLadder.occurrences(text, newText, false).size() == 1;
    if (alreadyThere) {
      int line = EditLadder.lineOf(text, text.indexOf(newText));
      return reason
          .append("; new_text is already there, at line ")
          .append(line)
          .append(": the edit seems to be done. What is there:")
          .append(around(text, line - 1, LineBlock.of(newText).lines().size()))
          .toString();
    }
    List<String> lines = LineBlock.of(text).lines();
    List<String> old = LineBlock.of(oldText).lines();
    int at = nearest(lines, old);
    if (at == Integer.MIN_VALUE) {
      return reason
          .append(", nor anything like it (the file has %d lines): read it".formatted(lines.size()))
          .toString();
    }
    return reason.append(excerpt(lines, old, at)).toString();
  }

  /// Shows where an edit would go, in a file that is not as its caller knows it.
  static String there(String text, String oldText) {
    List<String> old = LineBlock.of(oldText).lines();
    int at = Math.max(0, nearest(LineBlock.of(text).lines(), old));
    return ". What is there now:" + around(text, at, old.size());
  }

  /// The lines from `first`, from 0, with some before and after them.
  private static String around(String text, int first, int count) {
    List<String> lines = LineBlock.of(text).lines();
    int around = Math.clamp((LINES_MAX - count) / 2, 2, AROUND);
    StringBuilder shown = new StringBuilder();
    int to = first + Math.min(count, LINES_MAX - 2 * around) + around;
    append(shown, lines, first - around, to, CHARS_MAX);
    return shown.toString();
  }

  /// Tells all the places of a text that should be unique, with what stands around the first ones.
  ///
  /// @param places line numbers, from 1
  static String ambiguous(String text, List<Integer> places, int oldLines) {
    String told =
        places.stream().limit(PLACES_TOLD).map(String::valueOf).collect(Collectors.joining(", "));
    StringBuilder reason =
        new StringBuilder(
            "old_text is there %d times (at lines %s%s): add lines around it until it is unique, or set replace_all. What stands around:"
                .formatted(places.size(), told, places.size() > PLACES_TOLD ? ", …" : ""));
    List<String> lines = LineBlock.of(text).lines();
    int shown = Math.min(PLACES_SHOWN, places.size());
    int around = Math.clamp((LINES_MAX - oldLines) / (2 * shown), 2, AROUND);
    int budget = reason.length() + CHARS_MAX;
    for (int i = 0; i < shown; i++) {
      int first = places.get(i) - 1;
      append(reason, lines, before(lines, first, around), first, budget);
      if (i == 0) {
        append(reason, lines, first, first + oldLines, budget);
      } else {
        reason.append("\n%d-%d\t(old_text)".formatted(first + 1, first + oldLines));
      }
      int behind = first + oldLines;
      append(reason, lines, behind, after(lines, behind, around), budget);
      reason.append("\n…");
    }
    return reason.toString();
  }

  /// Where so many lines that are not blank begin, if they end here: blank ones make nothing
  /// unique.
  private static int before(List<String> lines, int end, int count) {
    int from = end;
    for (int told = 0; from > 0 && told < count; from--) {
      told += lines.get(from - 1).isBlank() ? 0 : 1;
    }
    return from;
  }

  /// Where so many lines that are not blank end, if they begin here.
  private static int after(List<String> lines, int from, int count) {
    int end = from;
    for (int told = 0; end < lines.size() && told < count; end++) {
      told += lines.get(end).isBlank() ? 0 : 1;
    }
    return end;
  }

  /// Numbered lines, as long as the text is within its budget.
  private static void append(StringBuilder text, List<String> lines, int from, int to, int budget) {
    for (int i = Math.max(0, from); i < Math.min(to, lines.size()); i++) {
      if (text.length() < budget) {
        text.append('\n').append(i + 1).append('\t').append(cut(lines.get(i)));
      }
    }
  }

  private static String cut(String line) {
    return line.length() <= LINE_CHARS_MAX ? line : line.substring(0, LINE_CHARS_MAX) + "…";
  }

  /// The line, from 0, where `old` would fit best; it may begin before the file.
  private static int nearest(List<String> lines, List<String> old) {
    Map<String, List<Integer>> byKey = new HashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      String key = Likeness.INDENTATION.key(lines.get(i));
      if (!key.isEmpty()) {
        byKey.computeIfAbsent(key, any -> new ArrayList<>()).add(i);
      }
    }
    Map<Integer, Double> votes = new HashMap<>();
    for (int j = 0; j < old.size(); j++) {
      String key = Likeness.INDENTATION.key(old.get(j));
      List<Integer> places = byKey.getOrDefault(key, List.of());
      for (int place : places) {
        // Rare and long lines say more; the same shift a line away says nearly as much.
        double weight = Math.min(key.length(), 40) / (double) places.size();
        votes.merge(place - j, weight, Double::sum);
        votes.merge(place - j - 1, weight / 3, Double::sum);
        votes.merge(place - j + 1, weight / 3, Double::sum);
      }
    }
    if ((long) lines.size() * old.size() <= SCORED_CELLS_MAX / 40) {
      addLikeness(lines, old, votes);
    }
    return votes.entrySet().stream()
        .max(
            Map.Entry.<Integer, Double>comparingByValue()
                .thenComparing(Map.Entry.comparingByKey(java.util.Comparator.reverseOrder())))
        .map(Map.Entry::getKey)
        .orElse(Integer.MIN_VALUE);
  }

  private static void addLikeness(
      List<String> lines, List<String> old, Map<Integer, Double> votes) {
    List<Set<Integer>> pairsOfLines = lines.stream().map(NearestLines::pairs).toList();
    for (int j = 0; j < old.size(); j++) {
      Set<Integer> pairs = pairs(old.get(j));
      if (pairs.size() < 3) {
        continue;
      }
      for (int i = 0; i < lines.size(); i++) {
        double alike = alike(pairs, pairsOfLines.get(i));
        if (alike >= LIKENESS_MIN && alike < 1) {
          votes.merge(i - j, alike * Math.min(pairs.size(), 40) / 2, Double::sum);
        }
      }
    }
  }

  /// The pairs of neighbouring characters that are not blank.
  private static Set<Integer> pairs(String line) {
    Set<Integer> pairs = new HashSet<>();
    String key = Likeness.INDENTATION.key(line);
    for (int i = 0; i + 1 < Math.min(key.length(), LINE_CHARS_MAX); i++) {
      pairs.add(key.charAt(i) << 16 | key.charAt(i + 1));
    }
    return pairs;
  }

  private static double alike(Set<Integer> one, Set<Integer> other) {
    if (other.isEmpty() || one.size() > 4 * other.size() || other.size() > 4 * one.size()) {
      return 0;
    }
    long both = one.stream().filter(other::contains).count();
    return 2.0 * both / (one.size() + other.size());
  }

  private static String excerpt(List<String> lines, List<String> old, int at) {
    int around = Math.clamp((LINES_MAX - old.size()) / 2, 2, AROUND);
    int from = Math.max(0, Math.min(at, lines.size() - 1) - around);
    int to = Math.min(lines.size(), Math.max(at, 0) + old.size() + around);
    to = Math.min(to, from + LINES_MAX);
    Set<String> wanted = new HashSet<>(old);
    StringBuilder text =
        new StringBuilder(
            "; copy it exactly. Nearest lines of the file (≠: not a line of old_text):");
    Set<String> shown = new HashSet<>();
    for (int i = from; i < to && text.length() < CHARS_MAX; i++) {
      String line = lines.get(i);
      shown.add(line);
      text.append(wanted.contains(line) ? "\n  " : "\n≠ ").append(i + 1).append('\t');
      text.append(cut(line));
    }
    List<String> missing =
        old.stream().filter(line -> !line.isBlank() && !shown.contains(line)).limit(5).toList();
    if (!missing.isEmpty() && text.length() < CHARS_MAX) {
      text.append("\nnot there, of old_text:");
      for (String line : missing) {
        text.append("\n- ").append(cut(line));
      }
    }
    if (text.length() > CHARS_MAX + LINE_CHARS_MAX) {
      text.setLength(CHARS_MAX + LINE_CHARS_MAX);
    }
    return text.toString();
  }
}
