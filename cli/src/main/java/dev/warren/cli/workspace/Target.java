package dev.warren.cli.workspace;

import picocli.CommandLine.Parameters;

/// The workspace that a command is about.
final class Target {
  @Parameters(paramLabel = "WORKSPACE", description = "its name or id")
  private String name = "";

  /// As it was typed: its name or its id.
  String name() {
    return name;
  }
}
