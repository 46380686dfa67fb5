package dev.warren.server.workspace.sandbox;

import java.nio.file.Path;

/// Where one local workspace lies on the host.
///
/// @param root searchable by everybody (0711), as all folders above it must be
public record WorkspaceFolder(Path root) {
  public WorkspaceFolder {
    if (!root.isAbsolute()) {
      throw new IllegalArgumentException("a workspace's folder is absolute: " + root);
    }
  }

  /// `/home/dev` inside; the workspace's own.
  public Path home() {
    return root.resolve("home");
  }

  /// `/tmp` inside; the workspace's own, emptied at each start.
  Path tmp() {
    return root.resolve("tmp");
  }

  /// Its `passwd` and `group`.
  Path etc() {
    return root.resolve("etc");
  }

  /// What only the starter may see (0700).
  Path run() {
    return root.resolve("run");
  }

  /// bubblewrap's arguments, each ended by NUL.
  Path arguments() {
    return run().resolve("args");
  }

  Path seccomp() {
    return run().resolve("seccomp");
  }

  /// bubblewrap's JSON status: the number of the sandbox's first process.
  Path status() {
    return run().resolve("status");
  }

  /// What the start and the first process print.
  public Path log() {
    return run().resolve("log");
  }

  /// The [ProcessRef] of the running sandbox.
  Path identity() {
    return run().resolve("identity");
  }
}
