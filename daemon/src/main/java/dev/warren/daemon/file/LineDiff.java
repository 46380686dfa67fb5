package dev.warren.daemon.file;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What changed between two texts, by lines.
final class LineDiff {
  /// Lines around a change.
  private static final int CONTEXT = 3;

  /// Longest diff that is told, in characters.
  static final int CHARS_MAX = 16 * 1024;

  /// Above so many cells the middle is told as replaced as a whole.
  private static final long CELLS_MAX = 4_000_000;

  private final List<String> before;
  private final List<String> after;

  /// For each line of `after` the line of `before` that it is, or -1.
  private final int[] sharedWith;

  private LineDiff(List<String> before, List<String> after) {
    this.before = before;
    this.after = after;
    this.sharedWith = sharedWith(before, after);
  }

  static LineDiff of(String before, String after) {
    return new LineDiff(lines(before), lines(after));
  }

  private static List<String> lines(String text) {
    List<String> lines = new ArrayList<>(LineBlock.of(text).lines());
    if (!text.isEmpty() && !text.endsWith("\n")) {
      lines.set(lines.size() - 1, lines.getLast() + "\n\\ No newline at end of file");
    }
    return lines;
  }

  /// For each line of `after` the line of `before` that it is, or -1: a longest common subsequence.
  static int[] sharedWith(List<String> before, List<String> after) {
    int[] shared = new int[after.size()];
    Arrays.fill(shared, -1);
    int start = 0;
    int endBefore = before.size();
    int endAfter = after.size();
    while (start < endBefore && start < endAfter && before.get(start).equals(after.get(start))) {
      shared[start] = start;
      start++;
    }
    while (endBefore > start
        && endAfter > start
        && before.get(endBefore - 1).equals(after.get(endAfter - 1))) {
      shared[--endAfter] = --endBefore;
    }
    int rows = endBefore - start;
    int columns = endAfter - start;
    if (rows == 0 || columns == 0 || (long) rows * columns > CELLS_MAX) {
      return shared;
    }
    int[][] longest = new int[rows + 1][columns + 1];
    for (int i = rows - 1; i >= 0; i--) {
      for (int j = columns - 1; j >= 0; j--) {
        longest[i][j] =
            before.get(start + i).equals(after.get(start + j))
                ? longest[i + 1][j + 1] + 1
                : Math.max(longest[i + 1][j], longest[i][j + 1]);
      }
    }
    int i = 0;
    int j = 0;
    while (i < rows && j < columns) {
      if (before.get(start + i).equals(after.get(start + j))) {
        shared[start + j++] = start + i++;
      } else if (longest[i + 1][j] >= longest[i][j + 1]) {
        i++;
      } else {
        j++;
      }
    }
    return shared;
  }

  int additions() {
    return (int) Arrays.stream(sharedWith).filter(line -> line < 0).count();
  }

  int deletions() {
    return before.size() - (after.size() - additions());
  }

  /// One line of the diff, with the numbers, from 0, that come next on either side.
  private record Step(char sign, String line, int beforeLine, int afterLine) {}

  /// As `diff -u` writes it; cut, and marked so, when it is very long.
  String unified(String path) {
    List<Step> steps = steps();
    StringBuilder text = new StringBuilder();
    text.append("--- ").append(path).append("\n+++ ").append(path).append('\n');
    int i = 0;
    while (i < steps.size()) {
      if (steps.get(i).sign == ' ') {
        i++;
        continue;
      }
      int from = Math.max(0, i - CONTEXT);
      int to = i;
      int quiet = 0;
      while (to < steps.size() && quiet <= 2 * CONTEXT) {
        quiet = steps.get(to).sign == ' ' ? quiet + 1 : 0;
        to++;
      }
      to = Math.min(steps.size(), to - Math.max(0, quiet - CONTEXT));
      append(text, steps.subList(from, to));
      i = to;
      if (text.length() > CHARS_MAX) {
        text.setLength(CHARS_MAX);
        return text.append("\n… the rest of the diff is cut\n").toString();
      }
    }
    return text.toString();
  }

  private List<Step> steps() {
    List<Step> steps = new ArrayList<>();
    int i = 0;
    for (int j = 0; j < after.size(); j++) {
      if (sharedWith[j] < 0) {
        // Lines that go come before lines that come: look ahead to the next shared one.
        int next = j;
        while (next < after.size() && sharedWith[next] < 0) {
          next++;
        }
        int until = next < after.size() ? sharedWith[next] : before.size();
        while (i < until) {
          steps.add(new Step('-', before.get(i), i, j));
          i++;
        }
        steps.add(new Step('+', after.get(j), i, j));
        continue;
      }
      while (i < sharedWith[j]) {
        steps.add(new Step('-', before.get(i), i, j));
        i++;
      }
      steps.add(new Step(' ', after.get(j), i, j));
      i++;
    }
    while (i < before.size()) {
      steps.add(new Step('-', before.get(i), i, after.size()));
      i++;
    }
    return steps;
  }

  private static void append(StringBuilder text, List<Step> hunk) {
    long gone = hunk.stream().filter(step -> step.sign != '+').count();
    long come = hunk.stream().filter(step -> step.sign != '-').count();
    Step first = hunk.getFirst();
    text.append(
        "@@ -%d,%d +%d,%d @@\n"
            .formatted(
                first.beforeLine + (gone == 0 ? 0 : 1),
                gone,
                first.afterLine + (come == 0 ? 0 : 1),
                come));
    hunk.forEach(step -> text.append(step.sign).append(step.line).append('\n'));
  }
}
