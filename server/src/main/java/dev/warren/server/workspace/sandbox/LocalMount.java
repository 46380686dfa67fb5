package dev.warren.server.workspace.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// A host folder that local workspaces see read-write at `/mnt/NAME` (`WARREN_LOCAL_MOUNTS`).
///
/// @param source absolute and without symlinks
public record LocalMount(Path source, String name) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final List<Path> SYSTEM =
      List.of(Path.of("/proc"), Path.of("/sys"), Path.of("/dev"), Path.of("/run"), Path.of("/etc"));

  /// Reads the setting: comma-separated `HOST_FOLDER:NAME`.
  ///
  /// @param secret folders that no mount may contain or lie in: data and workspaces
  /// @throws IllegalArgumentException with a message for the operator
  public static List<LocalMount> parse(String setting, List<Path> secret) {
    List<LocalMount> mounts = new ArrayList<>();
    for (String item : setting.split(",")) {
      if (!item.isBlank()) {
        mounts.add(one(item.strip(), secret));
      }
    }
    if (mounts.stream().map(LocalMount::name).distinct().count() != mounts.size()) {
      throw new IllegalArgumentException("two mounts have the same name: " + setting);
    }
    return List.copyOf(mounts);
  }

  private static LocalMount one(String item, List<Path> secret) {
    int colon = item.lastIndexOf(':');
    if (colon <= 0) {
      throw new IllegalArgumentException("expected HOST_FOLDER:NAME, found " + item);
    }
    Path given = Path.of(item.substring(0, colon));
    String name = item.substring(colon + 1);
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "the name of a mount is letters, digits, '.', '_' and '-': " + item);
    }
    if (!given.isAbsolute() || !given.normalize().equals(given)) {
      throw new IllegalArgumentException(
          "the folder of a mount is absolute, without '..': " + item);
    }
    Path source = resolve(given);
    if (source.getNameCount() == 0 || source.toString().contains("/.ssh")) {
      throw new IllegalArgumentException("this folder cannot be mounted: " + source);
    }
    for (Path system : SYSTEM) {
      if (source.startsWith(system)) {
        throw new IllegalArgumentException("this folder cannot be mounted: " + source);
      }
    }
    for (Path folder : secret) {
      if (source.startsWith(folder) || folder.startsWith(source)) {
        throw new IllegalArgumentException(
            source + " cannot be mounted: it contains or lies in Warren's own folder " + folder);
      }
    }
    return new LocalMount(source, name);
  }

  private static Path resolve(Path given) {
    try {
      Path real = given.toRealPath();
      if (!Files.isDirectory(real)) {
        throw new IllegalArgumentException("not a folder: " + given);
      }
      return real;
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot find the folder " + given, e);
    }
  }
}
