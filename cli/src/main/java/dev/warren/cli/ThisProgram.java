package dev.warren.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/// How this program is called again by others, such as ssh's `ProxyCommand`.
final class ThisProgram {
  private ThisProgram() {}

  /// The launcher's path, as it told; without one, a `warren` that is on the PATH then.
  static String command() {
    String told = System.getProperty("warren.command", "");
    return told.isEmpty() || !Files.isExecutable(Path.of(told)) ? "warren" : told;
  }

  /// In single quotes, for a POSIX shell.
  static String quoted(String word) {
    return word.matches("[A-Za-z0-9_/.:=@,+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /// What ssh runs to reach a host. `%` is ssh's own sign.
  ///
  /// @param host the workspace, or ssh's `%h`
  static String proxyCommand(String host) {
    return quoted(command()).replace("%", "%%") + " ssh --stdio " + host;
  }
}
