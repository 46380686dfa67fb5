package dev.warren.daemon.os;

import java.util.List;

/// A program to start.
///
/// @param argv its file, absolute, and its arguments
/// @param environment `NAME=value` entries: all of its environment
/// @param workdir where it starts
public record Program(List<String> argv, List<String> environment, String workdir) {
  public Program {
    argv = List.copyOf(argv);
    environment = List.copyOf(environment);
    if (argv.isEmpty()) {
      throw new IllegalArgumentException("a program has a name at least");
    }
  }
}
