package dev.warren.cli.workspace;

import java.util.ArrayList;
import java.util.List;

/// What differs between two texts that are alike but for one place: the lines taken out, then those
/// put in.
final class LineChanges {
  private LineChanges() {}

  static List<String> of(String before, String after) {
    List<String> old = before.lines().toList();
    List<String> now = after.lines().toList();
    int head = 0;
    while (head < Math.min(old.size(), now.size()) && old.get(head).equals(now.get(head))) {
      head++;
    }
    int tail = 0;
    while (tail < Math.min(old.size(), now.size()) - head
        && old.get(old.size() - 1 - tail).equals(now.get(now.size() - 1 - tail))) {
      tail++;
    }
    List<String> changes = new ArrayList<>();
    old.subList(head, old.size() - tail).forEach(line -> changes.add("- " + line));
    now.subList(head, now.size() - tail).forEach(line -> changes.add("+ " + line));
    return changes;
  }
}
