package dev.warren.server.approval;

import java.util.List;
import java.util.Optional;

/// What a user has allowed for the rest of a chat, so that it is not asked again. It never lets
/// anything through that a rule denies.
///
/// @param words the first words of a command; absent for a tool that is judged by its name
/// @param exact whether they must be all of the command
public record Grant(String tool, Optional<List<String>> words, boolean exact) {
  public Grant {
    words = words.map(List::copyOf);
  }

  static Grant of(String tool) {
    return new Grant(tool, Optional.empty(), false);
  }

  /// For a command that `rule` asks about: what the rule names, else the program and its
  /// subcommand, else these words and no others.
  static Grant of(String tool, ShellCommand part, ApprovalRule rule) {
    List<String> words = part.words().stream().map(ShellWord::text).toList();
    Optional<CommandPattern> named =
        rule.pattern().filter(pattern -> pattern.matches(part, Decision.ALLOW));
    if (named.isPresent()) {
      return new Grant(tool, Optional.of(words.subList(0, named.get().words().size())), false);
    }
    boolean subcommand = words.size() > 1 && words.get(1).matches("[a-z][a-z0-9_:-]*");
    boolean alone = subcommand && rule.pattern().isEmpty();
    return alone
        ? new Grant(tool, Optional.of(words.subList(0, 2)), false)
        : new Grant(tool, Optional.of(words), true);
  }

  boolean covers(String name) {
    return tool.equals(name) && words.isEmpty();
  }

  boolean covers(String name, ShellCommand part) {
    if (!tool.equals(name) || words.isEmpty()) {
      return covers(name);
    }
    List<String> wanted = words.get();
    List<ShellWord> given = part.words();
    if (given.size() < wanted.size() || (exact && given.size() > wanted.size())) {
      return false;
    }
    for (int i = 0; i < wanted.size(); i++) {
      if (given.get(i).dynamic() || !given.get(i).text().equals(wanted.get(i))) {
        return false;
      }
    }
    return true;
  }

  /// As people read it.
  String says() {
    return words
        .map(list -> "`" + String.join(" ", list) + (exact ? "`" : " …`"))
        .orElse("all calls of " + tool);
  }
}
