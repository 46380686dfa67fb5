package dev.warren.server.approval;

import java.util.List;
import java.util.stream.Collectors;

/// One program with its arguments, which a script may run.
///
/// @param words the program first; never empty
/// @param wrapper whether it only runs another command, which stands beside it: a rule has to name
///   it to count for it
record ShellCommand(List<ShellWord> words, boolean wrapper) {
  ShellCommand {
    words = List.copyOf(words);
  }

  /// Whether it is known which program runs.
  boolean known() {
    return !words.getFirst().dynamic() && !words.getFirst().glob();
  }

  boolean isStatic() {
    return words.stream().noneMatch(ShellWord::dynamic);
  }

  /// The program's name without its folder.
  String program() {
    String text = words.getFirst().text();
    return text.substring(text.lastIndexOf('/') + 1);
  }

  @Override
  public String toString() {
    return words.stream()
        .map(word -> word.dynamic() ? word.text() + "…" : word.text())
        .collect(Collectors.joining(" "));
  }
}
