package dev.warren.cli.workspace;

import dev.warren.cli.client.Failure;
import dev.warren.cli.client.Login;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The host keys of workspaces, for `ssh`. Each comes through the tunnel, whose other end has
/// proved the key that the control plane named, and is written down before `ssh` asks: so `ssh`
/// checks it strictly and never asks the user.
final class KnownHosts {
  private static final String FILE = "known_hosts";

  private final Path file;

  KnownHosts(Path folder) {
    this.file = folder.resolve(FILE);
  }

  static KnownHosts ofUser(Map<String, String> environment) {
    return new KnownHosts(Login.folder(environment));
  }

  Path file() {
    return file;
  }

  /// Writes down the key of a workspace, in place of an earlier one. Safe among processes.
  ///
  /// @param key such as `ssh-ed25519 AAAA…`
  void remember(String workspace, String key) {
    if (!key.matches("ssh-ed25519 [A-Za-z0-9+/=]{20,200}")) {
      throw new Failure("the workspace " + workspace + " has no host key that ssh knows");
    }
    String host = workspace.toLowerCase(Locale.ROOT) + RunningWorkspace.SUFFIX + " ";
    try {
      Files.createDirectories(file.getParent());
      if (lines().contains(host + key)) {
        return;
      }
      try (FileChannel channel =
          FileChannel.open(
              file.resolveSibling(FILE + ".lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE)) {
        channel.lock(); // until the channel is closed
        List<String> kept = new ArrayList<>(lines());
        kept.removeIf(line -> line.startsWith(host));
        kept.add(host + key);
        Path draft =
            Files.createTempFile(
                file.getParent(),
                FILE,
                null,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(draft, kept);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException e) {
      throw new Failure("cannot write " + file + ": is it yours to write?", e);
    }
  }

  private List<String> lines() throws IOException {
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }
}
