package dev.warren.daemon.process;

/// Who commits in this workspace: its owner.
public record GitIdentity(String name, String email) {
  public GitIdentity {
    if (name.indexOf('\0') >= 0 || email.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a NUL in a git identity");
    }
  }
}
