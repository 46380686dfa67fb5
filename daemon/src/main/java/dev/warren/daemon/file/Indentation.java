package dev.warren.daemon.file;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How a call's indentation maps to the file's, learned line by line.
final class Indentation {
  private final Map<String, String> fileIndents;

  /// How a deeper indent is converted; empty when both write the same blanks.
  private final Optional<Step> step;

  private Indentation(Map<String, String> fileIndents) {
    this.fileIndents = Map.copyOf(fileIndents);
    this.step = step(fileIndents);
  }

  /// Empty when the same indent of the call stands for two of the file.
  static Optional<Indentation> between(List<String> call, List<String> file) {
    Map<String, String> map = new HashMap<>();
    for (int i = 0; i < call.size(); i++) {
      if (call.get(i).isBlank()) {
        continue;
      }
      String indent = indent(call.get(i));
      String fileIndent = indent(file.get(i));
      String known = map.putIfAbsent(indent, fileIndent);
      if (known != null && !known.equals(fileIndent)) {
        return Optional.empty();
      }
    }
    return Optional.of(new Indentation(map));
  }

  /// The line with the file's indentation; empty when the map says nothing of it.
  Optional<String> apply(String line) {
    if (line.isBlank()) {
      return Optional.of(line);
    }
    String indent = indent(line);
    return map(indent).map(mapped -> mapped + line.substring(indent.length()));
  }

  private Optional<String> map(String indent) {
    String known = fileIndents.get(indent);
    if (known != null) {
      return Optional.of(known);
    }
    String longest = null;
    for (String candidate : fileIndents.keySet()) {
      if (indent.startsWith(candidate)
          && (longest == null || candidate.length() > longest.length())) {
        longest = candidate;
      }
    }
    if (longest != null) {
      return Optional.of(
          fileIndents.getOrDefault(longest, "") + converted(indent.substring(longest.length())));
    }
    // Less indented than anything known: take the difference away from the nearest one.
    String nearest = null;
    for (String candidate : fileIndents.keySet()) {
      if (candidate.startsWith(indent)
          && (nearest == null || candidate.length() < nearest.length())) {
        nearest = candidate;
      }
    }
    if (nearest == null) {
      return Optional.empty();
    }
    String there = fileIndents.getOrDefault(nearest, "");
    String less = converted(nearest.substring(indent.length()));
    return there.endsWith(less)
        ? Optional.of(there.substring(0, there.length() - less.length()))
        : Optional.empty();
  }

  /// Blanks of the call beyond what is known, in the file's steps.
  private String converted(String blanks) {
    if (step.isEmpty()) {
      return blanks;
    }
    StringBuilder converted = new StringBuilder();
    String left = blanks;
    while (left.startsWith(step.get().call)) {
      converted.append(step.get().file);
      left = left.substring(step.get().call.length());
    }
    return converted + left;
  }

  /// The smallest difference between two known indents that the file writes in another way; with
  /// none, what one indent alone tells when one side has tabs and the other spaces.
  private static Optional<Step> step(Map<String, String> map) {
    Optional<Step> smallest = Optional.empty();
    for (Map.Entry<String, String> inner : map.entrySet()) {
      for (Map.Entry<String, String> outer : map.entrySet()) {
        if (inner.getKey().startsWith(outer.getKey())
            && inner.getValue().startsWith(outer.getValue())) {
          String call = inner.getKey().substring(outer.getKey().length());
          String file = inner.getValue().substring(outer.getValue().length());
          boolean differs = !call.isEmpty() && !file.isEmpty() && !call.equals(file);
          if (differs && (smallest.isEmpty() || call.length() < smallest.get().call.length())) {
            smallest = Optional.of(new Step(call, file).reduced());
          }
        }
      }
    }
    if (smallest.isPresent()) {
      return smallest;
    }
    return map.entrySet().stream()
        .map(entry -> new Step(entry.getKey(), entry.getValue()))
        .filter(Step::tabsForSpaces)
        .map(Step::reduced)
        .findFirst();
  }

  /// What the call writes, and what the file writes for it.
  private record Step(String call, String file) {
    boolean tabsForSpaces() {
      return (spaces(call) && tabs(file)) || (tabs(call) && spaces(file));
    }

    /// Four spaces and one tab, of eight and two.
    Step reduced() {
      if (!tabsForSpaces()) {
        return this;
      }
      int steps = tabs(file) ? file.length() : call.length();
      boolean whole = call.length() % steps == 0 && file.length() % steps == 0;
      return whole
          ? new Step(
              call.substring(0, call.length() / steps), file.substring(0, file.length() / steps))
          : this;
    }

    private static boolean spaces(String text) {
      return !text.isEmpty() && text.isBlank() && text.indexOf('\t') < 0;
    }

    private static boolean tabs(String text) {
      return !text.isEmpty() && text.chars().allMatch(c -> c == '\t');
    }
  }

  private static String indent(String line) {
    int end = 0;
    while (end < line.length() && Likeness.isBlank(line.charAt(end))) {
      end++;
    }
    return line.substring(0, end);
  }
}
