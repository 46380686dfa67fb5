package dev.warren.server.workspace.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/// Finds out, by starting one, whether and how sandboxes work on this host.
public final class SandboxProbe {
  /// A distribution's package tool and the line that installs bubblewrap with it.
  private static final Map<String, String> INSTALL =
      Map.of(
          "apt-get", "sudo apt-get install -y bubblewrap",
          "dnf", "sudo dnf install -y bubblewrap",
          "zypper", "sudo zypper install -y bubblewrap",
          "pacman", "sudo pacman -S --noconfirm bubblewrap",
          "apk", "sudo apk add bubblewrap");

  private final Path workspaces;
  private final List<Path> hidden;
  private final boolean unisolated;

  /// @param workspaces where the folders of local workspaces lie
  /// @param hidden the control plane's own folders
  /// @param unisolated whether workspaces may run without a sandbox
  public SandboxProbe(Path workspaces, List<Path> hidden, boolean unisolated) {
    this.workspaces = workspaces;
    this.hidden = List.copyOf(hidden);
    this.unisolated = unisolated;
  }

  /// Tries the strong form, then (root only) the one without user namespaces. Takes about 30 ms.
  ///
  /// @throws SandboxException when there is none, with the line that fixes it
  public Sandbox probe() throws SandboxException, InterruptedException {
    HostUser user = HostUser.current();
    if (unisolated) {
      return new Sandbox(hidden, user, Isolation.NONE);
    }
    require("bwrap");
    require("setpriv");
    require("setsid");
    String said = attempt(user, Isolation.USER);
    if (said.isEmpty()) {
      return new Sandbox(hidden, user, Isolation.USER);
    }
    if (user.isRoot() && attempt(user, Isolation.ROOT).isEmpty()) {
      return new Sandbox(hidden, user, Isolation.ROOT);
    }
    throw new SandboxException(
        "bubblewrap cannot start a sandbox on this host: "
            + said
            + ". Usually user namespaces are off: `sudo sysctl -w user.max_user_namespaces=65536"
            + " kernel.unprivileged_userns_clone=1 kernel.apparmor_restrict_unprivileged_userns=0`"
            + " (those that exist) turns them on; WARREN_LOCAL_UNISOLATED=true does without a"
            + " sandbox");
  }

  /// What bubblewrap said, or nothing when it worked.
  private String attempt(HostUser user, Isolation isolation)
      throws SandboxException, InterruptedException {
    WorkspaceFolder folder = new WorkspaceFolder(workspaces.resolve(".probe-" + UUID.randomUUID()));
    Sandbox sandbox = new Sandbox(hidden, user, isolation);
    SandboxUser inside = user.forNewWorkspace();
    try {
      Files.createDirectories(workspaces);
      SandboxSpec spec =
          new SandboxSpec(
              folder,
              inside,
              "probe",
              folder.etc(),
              List.of(),
              SandboxLimits.NONE,
              List.of("/bin/sh", "-c", "exit 42"),
              "");
      int exit = sandbox.run(spec);
      return exit == 42 ? "" : "exit " + exit + ", " + Sandbox.logTail(folder);
    } catch (IOException e) {
      throw new SandboxException("cannot write " + workspaces + ": " + e, e);
    } finally {
      sandbox.stop(folder, java.time.Duration.ZERO);
      Sandbox.delete(folder);
    }
  }

  private static void require(String tool) throws SandboxException {
    if (isOnPath(tool)) {
      return;
    }
    if (!tool.equals("bwrap")) {
      throw new SandboxException(
          "local workspaces need the program " + tool + " of util-linux on this host");
    }
    String line =
        INSTALL.entrySet().stream()
            .filter(entry -> isOnPath(entry.getKey()))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse("install bubblewrap");
    throw new SandboxException(
        "local workspaces need bubblewrap, which this host lacks: `"
            + line
            + "` (WARREN_LOCAL_UNISOLATED=true does without a sandbox)");
  }

  private static boolean isOnPath(String tool) {
    return Stream.of(HostUser.PATH.split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
  }
}
