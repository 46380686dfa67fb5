package dev.warren.daemon.file;

import java.util.ArrayList;
import java.util.List;

/// A text as lines, and where they stand in it.
///
/// @param endsWithLineEnd whether the last line has one
record LineBlock(List<String> lines, List<Integer> starts, boolean endsWithLineEnd) {

  static LineBlock of(String text) {
    List<String> lines = new ArrayList<>();
    List<Integer> starts = new ArrayList<>();
    int from = 0;
    while (from < text.length()) {
      int end = text.indexOf('\n', from);
      starts.add(from);
      lines.add(text.substring(from, end < 0 ? text.length() : end));
      from = end < 0 ? text.length() : end + 1;
    }
    return new LineBlock(lines, starts, text.endsWith("\n"));
  }

  int start(int line) {
    return starts.get(line);
  }

  /// Offset behind the line, before its line end.
  int end(int line) {
    return starts.get(line) + lines.get(line).length();
  }

  /// The numbers, from 0, of the lines at which all of `part` is alike.
  List<Integer> places(LineBlock part, Likeness likeness) {
    List<String> wanted = part.lines.stream().map(likeness::key).toList();
    List<Integer> places = new ArrayList<>();
    if (wanted.isEmpty()) {
      return places;
    }
    List<String> keys = lines.stream().map(likeness::key).toList();
    for (int i = 0; i + wanted.size() <= keys.size(); i++) {
      if (keys.get(i).equals(wanted.getFirst())
          && keys.subList(i, i + wanted.size()).equals(wanted)) {
        places.add(i);
      }
    }
    return places;
  }

  long nonBlank() {
    return lines.stream().filter(line -> !line.isBlank()).count();
  }

  int leadingBlank() {
    int n = 0;
    while (n < lines.size() && lines.get(n).isBlank()) {
      n++;
    }
    return n;
  }

  int trailingBlank() {
    int n = 0;
    while (n < lines.size() - leadingBlank() && lines.get(lines.size() - 1 - n).isBlank()) {
      n++;
    }
    return n;
  }

  /// Without so many lines at its start and end. Offsets are not kept.
  LineBlock without(int leading, int trailing) {
    int to = Math.max(leading, lines.size() - trailing);
    return new LineBlock(lines.subList(leading, to), List.of(), endsWithLineEnd);
  }
}
