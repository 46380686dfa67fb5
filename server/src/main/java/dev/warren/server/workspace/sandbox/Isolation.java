package dev.warren.server.workspace.sandbox;

/// How a local workspace is kept from the host. The constant's lower-case name is the start
/// script's mode.
public enum Isolation {
  /// bubblewrap in a user namespace, started with the workspace's own rights.
  USER,
  /// bubblewrap started by root, which drops inside: only where user namespaces are off.
  ROOT,
  /// Nothing but the user: `WARREN_LOCAL_UNISOLATED`.
  NONE;

  @Override
  public String toString() {
    return switch (this) {
      case USER -> "user";
      case ROOT -> "root";
      case NONE -> "none";
    };
  }
}
