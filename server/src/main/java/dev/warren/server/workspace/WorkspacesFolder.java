package dev.warren.server.workspace;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.warren.server.workspace.sandbox.WorkspaceFolder;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Where the folders of local workspaces lie: beside the control plane's data folder, never in it,
/// since a workspace's user must be able to pass through every folder above its own.
public record WorkspacesFolder(Path path) {
  /// Used when root's data folder lies below one that others may not pass, such as `/root`.
  private static final Path SYSTEM = Path.of("/var/lib/warren");

  /// The folder for this data folder; makes nothing.
  ///
  /// @param data the data folder, which exists
  public static WorkspacesFolder beside(Path data) throws IOException {
    Path real = data.toRealPath();
    boolean isRoot = (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
    Path parent = real.getParent();
    if (parent != null && (!isRoot || isPassable(parent))) {
      return new WorkspacesFolder(parent.resolve(real.getFileName() + "-workspaces"));
    }
    return new WorkspacesFolder(SYSTEM.resolve(name(real)));
  }

  /// Where unpacked bundles of the daemon lie; installations that share [#SYSTEM] share them.
  Path bundles() {
    return path.startsWith(SYSTEM) ? SYSTEM : path;
  }

  public WorkspaceFolder of(WorkspaceId id) {
    return new WorkspaceFolder(path.resolve(id.toString()));
  }

  /// Makes it, with a mode that lets everybody through and nobody look.
  void create() throws IOException {
    Files.createDirectories(path);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx--x--x"));
    if (!bundles().equals(path)) {
      Files.setPosixFilePermissions(bundles(), PosixFilePermissions.fromString("rwx--x--x"));
    }
  }

  /// Removes it when nothing is left in it.
  void removeIfEmpty() throws IOException {
    try {
      Files.deleteIfExists(path);
    } catch (DirectoryNotEmptyException _) {
      // there are other workspaces, or bundles
    }
  }

  private static boolean isPassable(Path folder) throws IOException {
    for (Path each = folder; each != null; each = each.getParent()) {
      if (!Files.getPosixFilePermissions(each).contains(PosixFilePermission.OTHERS_EXECUTE)) {
        return false;
      }
    }
    return true;
  }

  private static String name(Path data) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(data.toString().getBytes(UTF_8));
      return HexFormat.of().formatHex(hash, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
