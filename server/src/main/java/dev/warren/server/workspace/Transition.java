package dev.warren.server.workspace;

import java.util.Locale;

/// What a build does to its workspace.
public enum Transition {
  START,
  STOP,
  DELETE;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
