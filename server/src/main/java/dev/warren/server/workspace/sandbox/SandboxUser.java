package dev.warren.server.workspace.sandbox;

/// Whose rights a sandbox has on the host.
public sealed interface SandboxUser {
  /// The user that runs the control plane, who is not root.
  ///
  /// @param uid his number
  record Own(int uid) implements SandboxUser {}

  /// A number of its own, to which root drops before the sandbox starts. No account has it.
  record Dropped(int uid) implements SandboxUser {
    /// First and last number given to workspaces: clear of accounts, of systemd's dynamic users
    /// (61184–65519) and of the subordinate ranges that start at 100000.
    public static final int UID_MIN = 2_000_000;

    public static final int UID_MAX = 2_065_535;

    public Dropped {
      if (uid < UID_MIN || uid > UID_MAX) {
        throw new IllegalArgumentException("not a workspace's uid: " + uid);
      }
    }
  }

  int uid();
}
