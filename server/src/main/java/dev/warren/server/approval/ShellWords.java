package dev.warren.server.approval;

import dev.warren.server.approval.ShellScript.Opaque;
import java.util.ArrayList;
import java.util.List;

/// Reads the words of a shell script: quotes, escapes, expansions, redirections, here-documents.
/// The commands of substitutions within words are collected on the way.
final class ShellWords {
  private static final String META = " \t\n;&|()<>";

  private final String text;
  private final int depth;
  private final List<ShellCommand> commands;
  private final List<HereDocument> awaited = new ArrayList<>();
  private int at;

  private record HereDocument(String delimiter, boolean quoted, boolean tabs) {}

  ShellWords(String text, int depth, List<ShellCommand> commands) {
    this.text = text;
    this.depth = depth;
    this.commands = commands;
  }

  boolean atEnd() {
    return at >= text.length();
  }

  char peek() {
    return text.charAt(at);
  }

  boolean peekIs(char wanted) {
    return !atEnd() && peek() == wanted;
  }

  boolean peekIn(String wanted) {
    return !atEnd() && wanted.indexOf(peek()) >= 0;
  }

  private boolean ahead(String wanted) {
    return text.startsWith(wanted, at);
  }

  void take() {
    at++;
  }

  boolean takeIf(char wanted) {
    if (peekIs(wanted)) {
      at++;
      return true;
    }
    return false;
  }

  /// Spaces, tabs, continued lines and comments.
  boolean skipBlanks() {
    int from = at;
    while (!atEnd()) {
      if (peek() == ' ' || peek() == '\t') {
        at++;
      } else if (ahead("\\\n")) {
        at += 2;
      } else if (peek() == '#' && (at == 0 || META.indexOf(text.charAt(at - 1)) >= 0)) {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
      } else {
        break;
      }
    }
    return at > from;
  }

  /// Blanks and newlines.
  void skipSpace() {
    while (skipBlanks() || peekIs('\n')) {
      if (peekIs('\n')) {
        newline();
      }
    }
  }

  /// The end of a line, after which the here-documents follow that it announced.
  void newline() {
    at++;
    List<HereDocument> now = List.copyOf(awaited);
    awaited.clear();
    now.forEach(this::body);
  }

  private void body(HereDocument document) {
    StringBuilder body = new StringBuilder();
    while (true) {
      if (atEnd()) {
        throw new Opaque("a here-document has no end");
      }
      int end = text.indexOf('\n', at);
      String line = text.substring(at, end < 0 ? text.length() : end);
      at = end < 0 ? text.length() : end + 1;
      if ((document.tabs() ? line.replaceFirst("^\t+", "") : line).equals(document.delimiter())) {
        break;
      }
      body.append(line).append('\n');
    }
    if (!document.quoted()) {
      new ShellWords(body.toString(), depth, commands).expansions();
    }
  }

  /// Text whose only special characters are those of expansions.
  private void expansions() {
    Word word = new Word();
    while (!atEnd()) {
      expandable(word);
    }
  }

  /// All here-documents have come.
  void finish() {
    if (!awaited.isEmpty()) {
      throw new Opaque("a here-document has no end");
    }
  }

  /// `<(…)` and `>(…)`.
  boolean processSubstitution() {
    if (!ahead("<(") && !ahead(">(")) {
      return false;
    }
    at += 2;
    substitution();
    return true;
  }

  /// A redirection with its target, which is no part of the command.
  void redirect() {
    boolean input = peek() == '<';
    int from = at;
    while (peekIn("<>&|-") && at - from < 3) {
      if (at > from && peek() == '-' && !text.substring(from, at).equals("<<")) {
        break;
      }
      at++;
    }
    String operator = text.substring(from, at);
    skipBlanks();
    if (atEnd() || peekIn("\n;|&()")) {
      throw new Opaque("a redirection has no target");
    }
    if (processSubstitution()) {
      return;
    }
    int start = at;
    ShellWord target = word();
    if (input && (operator.equals("<<") || operator.equals("<<-"))) {
      String raw = text.substring(start, at);
      boolean quoted = raw.indexOf('\'') >= 0 || raw.indexOf('"') >= 0 || raw.indexOf('\\') >= 0;
      if (target.dynamic()) {
        throw new Opaque("a here-document's end is an expansion");
      }
      awaited.add(new HereDocument(target.text(), quoted, operator.endsWith("-")));
    }
  }

  /// `[[ … ]]`, of which only the substitutions count.
  void condition() {
    while (true) {
      skipSpace();
      if (atEnd()) {
        throw new Opaque("a [[ has no ]]");
      }
      if (peekIn("<>&|();")) {
        at++;
      } else if (word().is("]]")) {
        return;
      }
    }
  }

  /// What a word is made of while it is read.
  private static final class Word {
    private final StringBuilder text = new StringBuilder();
    private boolean dynamic;
    private boolean glob;
    private boolean bare = true;

    ShellWord done() {
      boolean braces = text.indexOf("{") >= 0 && bare && expandsBraces(text.toString());
      return new ShellWord(text.toString(), dynamic || braces, glob, bare);
    }

    private static boolean expandsBraces(String text) {
      return text.matches("(?s).*\\{.*(,|\\.\\.).*\\}.*");
    }
  }

  /// One word; there is one.
  ShellWord word() {
    int from = at;
    Word word = new Word();
    while (!atEnd() && META.indexOf(peek()) < 0) {
      switch (peek()) {
        case '\'' -> {
          int end = text.indexOf('\'', at + 1);
          if (end < 0) {
            throw new Opaque("a quote is not closed");
          }
          word.text.append(text, at + 1, end);
          word.bare = false;
          at = end + 1;
        }
        case '"' -> doubleQuoted(word);
        case '*', '?', '[' -> {
          word.glob |= !ahead("[[") && !(peek() == '[' && at == from);
          word.text.append(peek());
          at++;
        }
        case '{', '}', ',' -> {
          word.text.append(peek());
          at++;
          // Quotes in one part of a word do not keep its braces from expanding.
          word.dynamic |= peek(-1) == '}' && Word.expandsBraces(text.substring(from, at));
        }
        default -> expandable(word);
      }
    }
    if (at == from) {
      throw new Opaque("a word is missing");
    }
    return word.done();
  }

  private char peek(int offset) {
    return text.charAt(at + offset);
  }

  private void doubleQuoted(Word word) {
    word.bare = false;
    at++;
    while (!peekIs('"')) {
      if (atEnd()) {
        throw new Opaque("a quote is not closed");
      }
      if (peek() == '\\' && at + 1 < text.length() && "$`\"\\\n".indexOf(peek(1)) < 0) {
        word.text.append('\\');
        at++;
      } else {
        expandable(word);
      }
    }
    at++;
  }

  /// A character that is escaped, begins an expansion, or stands for itself.
  private void expandable(Word word) {
    switch (peek()) {
      case '\\' -> {
        word.bare = false;
        at++;
        if (!atEnd()) {
          if (peek() != '\n') {
            word.text.append(peek());
          }
          at++;
        }
      }
      case '`' -> {
        word.dynamic = true;
        backquoted();
      }
      case '$' -> dollar(word);
      default -> {
        word.text.append(peek());
        at++;
      }
    }
  }

  private void dollar(Word word) {
    at++;
    if (ahead("((")) {
      at += 2;
      arithmetic();
      word.dynamic = true;
    } else if (takeIf('(')) {
      substitution();
      word.dynamic = true;
    } else if (takeIf('{')) {
      parameter();
      word.dynamic = true;
    } else if (peekIs('\'') || (!atEnd() && (isName(peek()) || "@*#?-$!".indexOf(peek()) >= 0))) {
      // $'…' is one thing to bash and another to dash.
      word.dynamic = true;
      while (!atEnd() && isName(peek())) {
        at++;
      }
      if (peekIn("@*#?-$!")) {
        at++;
      }
    } else {
      word.text.append('$');
    }
  }

  private static boolean isName(char c) {
    return c == '_' || (c < 128 && Character.isLetterOrDigit(c));
  }

  /// What is in `$(…)` and `<(…)`, and the parenthesis that closes it.
  private void substitution() {
    new ShellReader(this, depth + 1, commands).substitution();
  }

  private void backquoted() {
    StringBuilder inner = new StringBuilder();
    at++;
    while (!peekIs('`')) {
      if (atEnd()) {
        throw new Opaque("a backquote is not closed");
      }
      if (peek() == '\\' && at + 1 < text.length() && "$`\\".indexOf(peek(1)) >= 0) {
        at++;
      }
      inner.append(peek());
      at++;
    }
    at++;
    ShellScript.collect(inner.toString(), depth + 1, commands);
  }

  /// `${…}`, which may hold words with substitutions.
  private void parameter() {
    Word ignored = new Word();
    while (!peekIs('}')) {
      if (atEnd()) {
        throw new Opaque("a ${ is not closed");
      }
      switch (peek()) {
        case '"' -> doubleQuoted(ignored);
        case '\'' -> throw new Opaque("a ${…} has quotes in it");
        default -> expandable(ignored);
      }
    }
    at++;
  }

  /// `$((…))`, which may hold substitutions.
  private void arithmetic() {
    Word ignored = new Word();
    int parentheses = 0;
    while (parentheses > 0 || !ahead("))")) {
      if (atEnd()) {
        throw new Opaque("a $(( is not closed");
      }
      if (peekIs('(')) {
        parentheses++;
        at++;
      } else if (peekIs(')')) {
        parentheses--;
        at++;
        if (parentheses < 0) {
          throw new Opaque("a $(( is no arithmetic");
        }
      } else {
        expandable(ignored);
      }
    }
    at += 2;
  }
}
