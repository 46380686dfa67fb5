package dev.warren.daemon.store;

import dev.warren.daemon.DaemonException;
import dev.warren.protocol.daemon.DaemonProblems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Tells a write that failed for want of space from others.
public final class DiskFull {
  /// A file system with less is full for every practical end.
  private static final long BYTES_MIN = 64 * 1024;

  private DiskFull() {}

  /// Throws the failure on, as a problem of its own when the folder's file system is full.
  public static IOException rethrow(Path folder, IOException failed) throws IOException {
    if (Files.getFileStore(folder).getUsableSpace() < BYTES_MIN) {
      throw new DaemonException(
          507,
          DaemonProblems.DISK_FULL,
          "Disk full",
          "the disk of %s is full: nothing was changed; make room first".formatted(folder));
    }
    throw failed;
  }
}
