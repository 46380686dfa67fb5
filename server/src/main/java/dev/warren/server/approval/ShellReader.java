package dev.warren.server.approval;

import dev.warren.server.approval.ShellScript.Opaque;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/// Takes a shell script apart into its simple commands (POSIX.1-2024, "Shell Command Language",
/// with bash's common additions). It does not care which of them would run: each counts. Where the
/// grammar is met that it does not know, it gives up with [Opaque] and never guesses.
final class ShellReader {
  /// Words that stand before a command or alone, and change nothing about it.
  private static final Set<String> LEADING =
      Set.of("if", "then", "elif", "else", "fi", "while", "until", "do", "done", "{", "}", "!");

  private final ShellWords words;
  private final int depth;
  private final List<ShellCommand> commands;
  private final Deque<Context> open = new ArrayDeque<>();
  private final List<ShellWord> current = new ArrayList<>();

  /// What has been opened and not closed.
  private enum Context {
    SUBSHELL,
    CASE
  }

  ShellReader(ShellWords words, int depth, List<ShellCommand> commands) {
    if (depth > ShellScript.DEPTH_MAX) {
      throw new Opaque("commands are nested more than " + ShellScript.DEPTH_MAX + " deep");
    }
    this.words = words;
    this.depth = depth;
    this.commands = commands;
  }

  /// Reads to the end of the text.
  void script() {
    while (!words.atEnd()) {
      step();
    }
    end();
    words.finish();
    if (!open.isEmpty()) {
      throw new Opaque("something is opened and not closed");
    }
  }

  /// Reads to the parenthesis that closes the substitution, and takes it.
  void substitution() {
    while (!(open.isEmpty() && words.peekIs(')'))) {
      if (words.atEnd()) {
        throw new Opaque("a substitution is not closed");
      }
      step();
    }
    end();
    words.take();
  }

  private void step() {
    if (words.skipBlanks()) {
      return;
    }
    switch (words.peek()) {
      case '\n' -> {
        words.newline();
        end();
      }
      case ';' -> {
        words.take();
        boolean caseEnd = words.takeIf(';') || words.takeIf('&');
        words.takeIf('&');
        end();
        if (caseEnd) {
          pattern();
        }
      }
      case '&' -> {
        words.take();
        if (words.peekIs('>')) {
          redirect();
        } else {
          words.takeIf('&');
          end();
        }
      }
      case '|' -> {
        words.take();
        if (!words.takeIf('|')) {
          words.takeIf('&');
        }
        end();
      }
      case '(' -> parenthesis();
      case ')' -> {
        words.take();
        end();
        if (open.poll() != Context.SUBSHELL) {
          throw new Opaque("a closing parenthesis has no opening one");
        }
      }
      case '<', '>' -> redirect();
      default -> word();
    }
  }

  private void parenthesis() {
    words.take();
    if (current.isEmpty()) {
      if (words.peekIs('(')) {
        throw new Opaque("it has an arithmetic command");
      }
      open.push(Context.SUBSHELL);
      return;
    }
    words.skipBlanks();
    if (current.size() == 1 && current.getFirst().bare() && words.takeIf(')')) {
      // NAME() { …: its body is read as if it ran.
      current.clear();
      return;
    }
    throw new Opaque("it has a parenthesis where none is understood");
  }

  private void redirect() {
    if (words.processSubstitution()) {
      current.add(ShellWord.unknown());
      return;
    }
    words.redirect();
  }

  private void word() {
    ShellWord word = words.word();
    if (word.bare() && word.text().matches("[0-9]+") && words.peekIn("<>")) {
      words.redirect();
      return;
    }
    if (!current.isEmpty()) {
      current.add(word);
      return;
    }
    if (word.bare() && !word.dynamic() && LEADING.contains(word.text())) {
      return;
    }
    switch (word.bare() ? word.text() : "") {
      case "for", "select" -> loop();
      case "case" -> {
        words.skipBlanks();
        words.word();
        words.skipSpace();
        if (!words.word().is("in")) {
          throw new Opaque("a case has no in");
        }
        open.push(Context.CASE);
        pattern();
      }
      case "esac" -> {
        if (open.poll() != Context.CASE) {
          throw new Opaque("an esac has no case");
        }
      }
      case "function" -> {
        words.skipBlanks();
        words.word();
        words.skipBlanks();
        if (words.takeIf('(')) {
          words.skipBlanks();
          words.takeIf(')');
        }
      }
      case "[[" -> words.condition();
      default -> current.add(word);
    }
  }

  /// `for NAME in WORDS`: the words are no command, but may hold some.
  private void loop() {
    while (!words.atEnd() && !words.peekIn(";\n")) {
      if (words.peekIn("(&|<>)")) {
        throw new Opaque("a loop is written in a way that is not understood");
      }
      if (!words.skipBlanks()) {
        words.word();
      }
    }
  }

  /// The patterns of a case, up to their closing parenthesis; or the end of the case.
  private void pattern() {
    if (open.peek() != Context.CASE) {
      throw new Opaque("a ;; stands outside of a case");
    }
    words.skipSpace();
    boolean opened = words.takeIf('(');
    while (true) {
      words.skipSpace();
      if (words.atEnd()) {
        throw new Opaque("a case is not closed");
      }
      if (words.takeIf(')')) {
        return;
      }
      if (words.takeIf('|')) {
        continue;
      }
      if (words.peekIn("(;&<>")) {
        throw new Opaque("a case has a pattern that is not understood");
      }
      if (words.word().is("esac") && !opened) {
        open.pop();
        return;
      }
    }
  }

  /// The end of a simple command.
  private void end() {
    int assignments = 0;
    while (assignments < current.size() && current.get(assignments).assigns()) {
      assignments++;
    }
    List<ShellWord> command = List.copyOf(current.subList(assignments, current.size()));
    current.clear();
    if (command.isEmpty()) {
      return;
    }
    if (commands.size() >= ShellScript.COMMANDS_MAX) {
      throw new Opaque("it has more than " + ShellScript.COMMANDS_MAX + " commands");
    }
    ShellWrappers.unwrap(command, depth, commands);
  }
}
