package dev.warren.server.approval;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// All commands that a text for `sh -c` may run, as far as its text tells.
///
/// @param commands in the order of the text, whether they would really run or not
/// @param opaque why some of it cannot be told
record ShellScript(List<ShellCommand> commands, Optional<String> opaque) {
  /// Characters of a script that is read; what is longer is opaque.
  static final int CHARS_MAX = 64 * 1024;

  /// Commands within commands.
  static final int DEPTH_MAX = 16;

  /// Commands of one script.
  static final int COMMANDS_MAX = 1_000;

  ShellScript {
    commands = List.copyOf(commands);
  }

  static ShellScript read(String text) {
    List<ShellCommand> found = new ArrayList<>();
    try {
      collect(text, 0, found);
    } catch (Opaque e) {
      return new ShellScript(found, Optional.of(e.reason()));
    }
    Optional<String> unknown =
        found.stream()
            .filter(command -> !command.known())
            .findFirst()
            .map(command -> "which program runs is decided only when it runs: " + command);
    return new ShellScript(found, unknown);
  }

  static void collect(String text, int depth, List<ShellCommand> into) {
    if (text.length() > CHARS_MAX) {
      throw new Opaque("it is longer than " + CHARS_MAX + " characters");
    }
    new ShellReader(new ShellWords(text, depth, into), depth, into).script();
  }

  /// A script that cannot be taken apart.
  static final class Opaque extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String reason;

    Opaque(String reason) {
      super(reason, null, false, false);
      this.reason = reason;
    }

    String reason() {
      return reason;
    }
  }
}
