package dev.warren.e2e.kit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// A folder that the test and the workspaces see: given to the control plane by
/// `WARREN_LOCAL_MOUNTS`, writable for a workspace's own user.
public final class SharedFolder {
  private SharedFolder() {}

  public static Path create(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    // A temporary folder is its owner's only; whoever works in a workspace must get through it.
    Path parent = folder.getParent();
    Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwx--x--x"));
    return folder;
  }
}
