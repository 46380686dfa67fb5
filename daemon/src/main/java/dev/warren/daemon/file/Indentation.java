package dev.warren.daemon.file;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How a call's indentation maps to the file's, learned line by line.
final class Indentation {
  private final Map<String, String> fileIndents;

  /// Blanks of one step, in the call and in the file.
  private final String callUnit;

  private final String fileUnit;

  private Indentation(Map<String, String> fileIndents) {
    this.fileIndents = Map.copyOf(fileIndents);
    this.callUnit = unit(fileIndents, true);
    this.fileUnit = unit(fileIndents, false);
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

  /// Blanks of the call beyond what is known, in the file's units.
  private String converted(String blanks) {
    if (callUnit.equals(fileUnit) || callUnit.isEmpty() || fileUnit.isEmpty()) {
      return blanks;
    }
    int steps = 0;
    String left = blanks;
    while (left.startsWith(callUnit)) {
      left = left.substring(callUnit.length());
      steps++;
    }
    return fileUnit.repeat(steps) + left;
  }

  /// The smallest step between two known indents, or the smallest indent.
  private static String unit(Map<String, String> map, boolean ofCall) {
    String unit = "";
    for (Map.Entry<String, String> one : map.entrySet()) {
      for (Map.Entry<String, String> other : map.entrySet()) {
        String longer = ofCall ? one.getKey() : one.getValue();
        String shorter = ofCall ? other.getKey() : other.getValue();
        if (longer.length() > shorter.length() && longer.startsWith(shorter)) {
          String step = longer.substring(shorter.length());
          if (unit.isEmpty() || step.length() < unit.length()) {
            unit = step;
          }
        }
      }
    }
    if (!unit.isEmpty()) {
      return unit;
    }
    // One indent only: what it is made of, by the usual widths.
    String sample =
        map.entrySet().stream()
            .map(entry -> ofCall ? entry.getKey() : entry.getValue())
            .filter(indent -> !indent.isEmpty())
            .findFirst()
            .orElse("");
    if (sample.startsWith("\t")) {
      return "\t";
    }
    String other =
        map.entrySet().stream()
            .map(entry -> ofCall ? entry.getValue() : entry.getKey())
            .filter(indent -> !indent.isEmpty())
            .findFirst()
            .orElse("");
    if (!sample.isEmpty() && other.startsWith("\t") && sample.length() % other.length() == 0) {
      return " ".repeat(sample.length() / other.length());
    }
    return "";
  }

  private static String indent(String line) {
    int end = 0;
    while (end < line.length() && Likeness.isBlank(line.charAt(end))) {
      end++;
    }
    return line.substring(0, end);
  }
}
