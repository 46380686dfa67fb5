package dev.warren.protocol.daemon;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// `GET /v1/files/stat?path`, and one entry of a folder. Symbolic links are not followed.
///
/// @param mode permission bits as octal digits, such as `0644`
/// @param target of a symbolic link
public record FileStat(
    String path,
    Kind kind,
    long sizeBytes,
    String mode,
    Instant modifiedAt,
    Optional<String> target) {
  public enum Kind {
    FILE,
    DIRECTORY,
    SYMLINK,
    OTHER;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
