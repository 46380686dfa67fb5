package dev.warren.cli.client;

import java.nio.file.Files;
import java.nio.file.Path;

/// This program's version, and how it is called again by others, such as ssh's `ProxyCommand`.
public final class ThisProgram {
  private ThisProgram() {}

  /// As its jar says.
  public static String version() {
    String version = ThisProgram.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  /// What to type to call it again, as the launcher was called.
  public static String called() {
    return System.getProperty("warren.called", "warren");
  }

  /// The command to type, in quotes, as an error message names it.
  ///
  /// @param arguments such as `login URL`
  public static String line(String arguments) {
    return "'" + called() + " " + arguments + "'";
  }

  /// The launcher's path, as it told; without one, a `warren` that is on the PATH then.
  public static String command() {
    String told = System.getProperty("warren.command", "");
    return told.isEmpty() || !Files.isExecutable(Path.of(told)) ? "warren" : told;
  }

  /// In single quotes, for a POSIX shell.
  public static String quoted(String word) {
    return word.matches("[A-Za-z0-9_/.:=@,+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /// What ssh runs to reach a host. `%` is ssh's own sign.
  ///
  /// @param host the workspace, or ssh's `%h`
  public static String proxyCommand(String host) {
    return quoted(command()).replace("%", "%%") + " ssh --stdio " + host;
  }
}
