package dev.warren.server.approval;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// A program and the first of its words, as a rule names commands: `git push`. A `*` in a word
/// stands for any characters of that word; a program without a `/` is meant in any folder.
///
/// What is to be allowed must begin with these words exactly. What is to be asked for or denied
/// needs them only in this order behind the program, since options may stand between; a word that
/// only the run can tell counts as the wanted one, and `-rf` is met by `-fr` and by `-r -f`.
record CommandPattern(List<String> words) {
  static final int CHARS_MAX = 500;

  CommandPattern {
    words = List.copyOf(words);
  }

  /// @return empty when it is no such pattern
  static Optional<CommandPattern> parse(String text) {
    if (text.length() > CHARS_MAX) {
      return Optional.empty();
    }
    List<ShellCommand> commands = new ArrayList<>();
    try {
      ShellWords words = new ShellWords(text.strip(), 0, commands);
      List<String> parsed = new ArrayList<>();
      while (!words.atEnd()) {
        if (words.peekIn("\n;&|()<>")) {
          return Optional.empty();
        }
        ShellWord word = words.word();
        if (word.dynamic()) {
          return Optional.empty();
        }
        parsed.add(word.text());
        words.skipBlanks();
      }
      boolean program = !parsed.isEmpty() && !parsed.getFirst().isEmpty();
      return program ? Optional.of(new CommandPattern(parsed)) : Optional.empty();
    } catch (ShellScript.Opaque e) {
      return Optional.empty();
    }
  }

  boolean matches(ShellCommand command, Decision decision) {
    if (!command.known() || !isProgram(command)) {
      return false;
    }
    List<ShellWord> arguments = command.words().subList(1, command.words().size());
    List<String> wanted = words.subList(1, words.size());
    return decision == Decision.ALLOW ? beginsWith(arguments, wanted) : contains(arguments, wanted);
  }

  private boolean isProgram(ShellCommand command) {
    String program = words.getFirst();
    return program.contains("/")
        ? fits(program, command.words().getFirst().text())
        : fits(program, command.program());
  }

  private static boolean beginsWith(List<ShellWord> arguments, List<String> wanted) {
    if (arguments.size() < wanted.size()) {
      return false;
    }
    for (int i = 0; i < wanted.size(); i++) {
      if (arguments.get(i).dynamic() || !fits(wanted.get(i), arguments.get(i).text())) {
        return false;
      }
    }
    return true;
  }

  private static boolean contains(List<ShellWord> arguments, List<String> wanted) {
    int at = 0;
    for (String word : wanted) {
      if (isCluster(word)) {
        if (!hasFlags(arguments, word)) {
          return false;
        }
        continue;
      }
      while (at < arguments.size() && !mayBe(arguments.get(at), word)) {
        at++;
      }
      if (at == arguments.size()) {
        return false;
      }
      // A dynamic word may be several.
      if (!arguments.get(at).dynamic()) {
        at++;
      }
    }
    return true;
  }

  private static boolean mayBe(ShellWord word, String wanted) {
    return word.dynamic() || fits(wanted, word.text());
  }

  private static boolean isCluster(String word) {
    return word.matches("-[A-Za-z]+");
  }

  private static boolean hasFlags(List<ShellWord> arguments, String cluster) {
    if (arguments.stream().anyMatch(ShellWord::dynamic)) {
      return true;
    }
    return arguments.stream().anyMatch(argument -> argument.text().equals(cluster))
        || cluster
            .substring(1)
            .chars()
            .allMatch(flag ->
                arguments.stream()
                    .map(ShellWord::text)
                    .anyMatch(text -> isCluster(text) && text.indexOf(flag, 1) > 0));
  }

  /// Whether `text` is what `pattern` says, with `*` for any characters.
  static boolean fits(String pattern, String text) {
    if (!pattern.contains("*")) {
      return pattern.equals(text);
    }
    String[] pieces = pattern.split("\\*", -1);
    StringBuilder regex = new StringBuilder(Pattern.quote(pieces[0]));
    for (int i = 1; i < pieces.length; i++) {
      regex.append(".*").append(Pattern.quote(pieces[i]));
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(text).matches();
  }

  @Override
  public String toString() {
    return String.join(" ", words);
  }
}
