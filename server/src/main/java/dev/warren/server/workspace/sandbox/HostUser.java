package dev.warren.server.workspace.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/// The account that runs the control plane.
record HostUser(int uid, int gid) {
  /// Where the host's own tools are looked for.
  static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private static final long COMMAND_TIMEOUT_S = 120;

  static HostUser current() throws SandboxException {
    Path self = Path.of("/proc/self");
    try {
      return new HostUser(
          (int) Files.getAttribute(self, "unix:uid"), (int) Files.getAttribute(self, "unix:gid"));
    } catch (IOException | UnsupportedOperationException e) {
      throw new SandboxException("local workspaces need Linux with /proc mounted: " + e, e);
    }
  }

  boolean isRoot() {
    return uid == 0;
  }

  /// A user for a new workspace: a random number of the range when root can drop to it.
  SandboxUser forNewWorkspace() {
    return isRoot()
        ? new SandboxUser.Dropped(
            ThreadLocalRandom.current()
                .nextInt(SandboxUser.Dropped.UID_MIN, SandboxUser.Dropped.UID_MAX + 1))
        : new SandboxUser.Own(uid);
  }

  /// Whose the home of an existing workspace is.
  Optional<SandboxUser> ownerOf(WorkspaceFolder folder) throws SandboxException {
    if (!Files.isDirectory(folder.home())) {
      return Optional.empty();
    }
    try {
      int owner = (int) Files.getAttribute(folder.home(), "unix:uid");
      if (!isRoot() && owner != uid) {
        throw new SandboxException(
            folder.home() + " belongs to user " + owner + ": only root can start it as that user");
      }
      boolean given = owner >= SandboxUser.Dropped.UID_MIN && owner <= SandboxUser.Dropped.UID_MAX;
      return isRoot() && !given
          ? Optional.empty()
          : Optional.of(isRoot() ? new SandboxUser.Dropped(owner) : new SandboxUser.Own(uid));
    } catch (IOException e) {
      throw new SandboxException("cannot read the owner of " + folder.home() + ": " + e, e);
    }
  }

  int gid(SandboxUser user) {
    return switch (user) {
      case SandboxUser.Own _ -> gid;
      case SandboxUser.Dropped(int dropped) -> dropped;
    };
  }

  void giveTo(SandboxUser user, Path file) throws IOException {
    if (user instanceof SandboxUser.Dropped(int dropped)) {
      Files.setAttribute(file, "unix:uid", dropped);
      Files.setAttribute(file, "unix:gid", dropped);
    }
  }

  /// Runs a short command with the workspace's rights on the host.
  void runAs(SandboxUser user, List<String> command) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>();
    if (user instanceof SandboxUser.Dropped(int dropped)) {
      words.addAll(
          List.of(
              "setpriv",
              "--no-new-privs",
              "--inh-caps=-all",
              "--bounding-set=-all",
              "--clear-groups",
              "--reuid=" + dropped,
              "--regid=" + dropped));
    }
    words.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(words).directory(Path.of("/").toFile());
    builder.environment().clear();
    builder.environment().put("PATH", PATH);
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readNBytes(4096), UTF_8).strip();
    process.getInputStream().close();
    if (!process.waitFor(COMMAND_TIMEOUT_S, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException(command + " did not end within " + COMMAND_TIMEOUT_S + " s");
    }
    if (process.exitValue() != 0) {
      throw new IOException(command + " ended with " + process.exitValue() + ": " + said);
    }
  }
}
