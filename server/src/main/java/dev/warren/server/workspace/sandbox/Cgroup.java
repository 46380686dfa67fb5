package dev.warren.server.workspace.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The control groups of a workspace, where this host lets us write them (root, version 1 or 2);
/// elsewhere there are none and `ulimit` has to do.
final class Cgroup {
  private static final Logger LOG = LoggerFactory.getLogger(Cgroup.class);
  private static final Path MOUNT = Path.of("/sys/fs/cgroup");
  private static final String PARENT = "warren";
  private static final int REMOVE_TRIES = 50;
  private static final Duration REMOVE_PAUSE = Duration.ofMillis(20);
  private static final int CPU_PERIOD_US = 100_000;

  private Cgroup() {}

  /// Makes the groups with these limits, so that the start script can join them.
  ///
  /// @param name names the workspace on this host
  /// @return the folders to join, empty where groups cannot be written
  static List<Path> create(String name, SandboxLimits limits) {
    try {
      return isVersion2() ? version2(name, limits) : version1(name, limits);
    } catch (IOException e) {
      LOG.atDebug().setCause(e).log("no control group for {}", name);
      remove(name);
      return List.of();
    }
  }

  /// Removes the groups. Their last processes may take a moment to be gone; a group that stays busy
  /// is left.
  static void remove(String name) {
    for (String controller : List.of("", "memory", "pids", "cpu")) {
      Path group = MOUNT.resolve(controller).resolve(PARENT).resolve(name);
      for (int i = 0; Files.isDirectory(group) && i < REMOVE_TRIES && !removed(group); i++) {
        LockSupport.parkNanos(REMOVE_PAUSE.toNanos());
      }
    }
  }

  private static boolean removed(Path group) {
    try {
      return Files.deleteIfExists(group);
    } catch (IOException e) {
      LOG.atDebug().setCause(e).log("the control group {} is still busy", group);
      return false;
    }
  }

  private static boolean isVersion2() {
    return Files.exists(MOUNT.resolve("cgroup.controllers"));
  }

  private static List<Path> version2(String name, SandboxLimits limits) throws IOException {
    Path parent = MOUNT.resolve(PARENT);
    Files.createDirectories(parent);
    for (Path above : List.of(MOUNT, parent)) {
      Files.writeString(above.resolve("cgroup.subtree_control"), "+memory +pids +cpu");
    }
    Path group = parent.resolve(name);
    Files.createDirectories(group);
    Files.writeString(group.resolve("pids.max"), Integer.toString(limits.processesMax()));
    Files.writeString(
        group.resolve("memory.max"), limits.memoryMb() > 0 ? Long.toString(bytes(limits)) : "max");
    Files.writeString(
        group.resolve("cpu.max"),
        (limits.cpus() > 0 ? Long.toString(quotaUs(limits)) : "max") + " " + CPU_PERIOD_US);
    return List.of(group);
  }

  private static List<Path> version1(String name, SandboxLimits limits) throws IOException {
    List<Path> groups = new ArrayList<>();
    Path pids = version1Group("pids", name);
    Files.writeString(pids.resolve("pids.max"), Integer.toString(limits.processesMax()));
    groups.add(pids);
    if (limits.memoryMb() > 0) {
      Path memory = version1Group("memory", name);
      Files.writeString(memory.resolve("memory.limit_in_bytes"), Long.toString(bytes(limits)));
      groups.add(memory);
    }
    if (limits.cpus() > 0) {
      Path cpu = version1Group("cpu", name);
      Files.writeString(cpu.resolve("cpu.cfs_period_us"), Integer.toString(CPU_PERIOD_US));
      Files.writeString(cpu.resolve("cpu.cfs_quota_us"), Long.toString(quotaUs(limits)));
      groups.add(cpu);
    }
    return groups;
  }

  private static Path version1Group(String controller, String name) throws IOException {
    Path mount = MOUNT.resolve(controller);
    if (!Files.isDirectory(mount)) {
      throw new IOException("no controller " + controller);
    }
    return Files.createDirectories(mount.resolve(PARENT).resolve(name));
  }

  private static long bytes(SandboxLimits limits) {
    return limits.memoryMb() * 1024L * 1024;
  }

  private static long quotaUs(SandboxLimits limits) {
    return Math.max(1000, Math.round(limits.cpus() * CPU_PERIOD_US));
  }
}
