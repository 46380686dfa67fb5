package dev.warren.server.approval;

/// A word of a command after quotes were removed.
///
/// @param text what is known of it
/// @param dynamic whether the shell puts something in that only the run can tell: a variable, a
///   substitution, a brace expansion; it may then become any word, or several
/// @param glob whether it has an unquoted pattern of file names
/// @param bare whether nothing of it was quoted, so that it may be a reserved word
record ShellWord(String text, boolean dynamic, boolean glob, boolean bare) {
  static ShellWord unknown() {
    return new ShellWord("", true, false, false);
  }

  static ShellWord of(String text) {
    return new ShellWord(text, false, false, false);
  }

  boolean is(String reserved) {
    return bare && !dynamic && text.equals(reserved);
  }

  /// Whether it sets a variable when it stands before a command.
  boolean assigns() {
    int equals = text.indexOf('=');
    return equals > 0 && text.substring(0, equals).matches("[A-Za-z_][A-Za-z0-9_]*\\+?");
  }
}
