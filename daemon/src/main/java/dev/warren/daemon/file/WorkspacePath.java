package dev.warren.daemon.file;

import dev.warren.daemon.DaemonException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/// Turns the paths that callers name into absolute ones.
public final class WorkspacePath {
  private static final int PATH_CHARS_MAX = 4096;

  private final Path home;

  public WorkspacePath(Path home) {
    this.home = home.toAbsolutePath();
  }

  /// @param field of the request, for the error
  public Path of(String field, String name) {
    if (name.isEmpty() || name.length() > PATH_CHARS_MAX) {
      throw DaemonException.badInput(field, "a path of 1 to " + PATH_CHARS_MAX + " characters");
    }
    try {
      if (name.equals("~")) {
        return home;
      }
      if (name.startsWith("~/")) {
        return home.resolve(name.substring(2)).normalize();
      }
      Path path = Path.of(name);
      if (!path.isAbsolute()) {
        throw DaemonException.badInput(
            field, "an absolute path or one that starts with ~/, not '%s'".formatted(name));
      }
      return path.normalize();
    } catch (InvalidPathException invalid) {
      throw DaemonException.badInput(field, "no path: " + invalid.getReason());
    }
  }
}
