package dev.warren.server.workspace.sandbox;

import java.nio.file.Path;
import java.util.List;

/// What to run in a sandbox and what it sees.
///
/// @param hostname letters, digits and '-'
/// @param bundle the host folder that is `/opt/warren` inside
/// @param command the first process; absolute paths as seen inside
/// @param secret handed to the command as descriptor 3, readable once; may be empty
public record SandboxSpec(
    WorkspaceFolder folder,
    SandboxUser user,
    String hostname,
    Path bundle,
    List<LocalMount> mounts,
    SandboxLimits limits,
    List<String> command,
    String secret) {
  public SandboxSpec {
    mounts = List.copyOf(mounts);
    command = List.copyOf(command);
  }

  @Override
  public String toString() {
    return "SandboxSpec[" + folder + ", " + user + ", " + command + "]";
  }
}
