package dev.warren.daemon.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/// A version 2 cgroup for one command, where the daemon may make one: killing it leaves nothing
/// behind, however a process hid.
record Cgroup(Path folder) {
  /// The folder below which commands get theirs; empty where none can be made.
  static Optional<Path> parent(UUID storeId) {
    try {
      String own =
          Files.readAllLines(Path.of("/proc/self/cgroup")).stream()
              .filter(line -> line.startsWith("0::/"))
              .map(line -> line.substring(4))
              .findFirst()
              .orElse("");
      for (String mount : new String[] {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"}) {
        Path base = Path.of(mount, own);
        if (Files.exists(base.resolve("cgroup.procs")) && Files.isWritable(base)) {
          Path parent = base.resolve("warren-" + storeId);
          Files.createDirectories(parent);
          return Optional.of(parent);
        }
      }
    } catch (IOException | RuntimeException none) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  static Optional<Cgroup> create(Path parent, UUID id) {
    try {
      return Optional.of(new Cgroup(Files.createDirectories(parent.resolve(id.toString()))));
    } catch (IOException none) {
      return Optional.empty();
    }
  }

  /// The one that an earlier daemon made.
  static Optional<Cgroup> existing(Path parent, UUID id) {
    return Optional.of(parent.resolve(id.toString())).filter(Files::isDirectory).map(Cgroup::new);
  }

  void kill() {
    try {
      Files.writeString(folder.resolve("cgroup.kill"), "1");
    } catch (IOException notHere) {
      // The tree is looked for in other ways too.
    }
  }

  /// Removes it when it is empty; a background child may still be in it.
  void remove() {
    try {
      Files.deleteIfExists(folder);
    } catch (IOException inUse) {
      // Removed at the next sweep.
    }
  }
}
