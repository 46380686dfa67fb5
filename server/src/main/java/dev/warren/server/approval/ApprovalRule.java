package dev.warren.server.approval;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.warren.server.http.Problems;
import java.util.Optional;

/// What happens to calls of a tool.
///
/// @param tool its name; a `*` stands for any characters
/// @param command only with `execute`: a program and the first of its words, as [CommandPattern]
///   reads it
public record ApprovalRule(String tool, Decision decision, Optional<String> command) {
  static final int TOOL_CHARS_MAX = 64;

  /// The tool whose calls are judged by the command that they run.
  public static final String EXECUTE = "execute";

  public ApprovalRule {
    if (!tool.matches("[a-z0-9_*]{1," + TOOL_CHARS_MAX + "}")) {
      throw Problems.badInput(
          "tool", "is not the name of a tool, in which * may stand for any characters");
    }
    if (command.isPresent() && !tool.equals(EXECUTE)) {
      throw Problems.badInput("command", "goes only with the tool " + EXECUTE);
    }
    if (command.isPresent() && CommandPattern.parse(command.get()).isEmpty()) {
      throw Problems.badInput(
          "command",
          "is not a program and the first of its words, such as 'git push': no operators, no"
              + " variables, at most "
              + CommandPattern.CHARS_MAX
              + " characters");
    }
  }

  boolean names(String name) {
    return CommandPattern.fits(tool, name);
  }

  boolean matches(ShellCommand part) {
    return pattern().map(wanted -> wanted.matches(part, decision)).orElse(!part.wrapper());
  }

  @JsonIgnore
  Optional<CommandPattern> pattern() {
    return command.flatMap(CommandPattern::parse);
  }

  /// As people call it.
  String says() {
    return command.map(words -> "`" + words + "`").orElse("calls of " + tool);
  }
}
