package dev.warren.server.workspace.sandbox;

/// What a local workspace may use.
///
/// @param memoryMb megabytes over all its processes, 0 for no limit of its own; needs a cgroup
/// @param cpus processors' worth of time, 0 for no limit of its own; needs a cgroup
/// @param processesMax processes and threads; by cgroup, else by `ulimit -u`
public record SandboxLimits(int memoryMb, double cpus, int processesMax) {
  /// Enough for several JVMs and browsers; a fork bomb ends here.
  public static final int PROCESSES_MAX = 8192;

  public static final SandboxLimits NONE = new SandboxLimits(0, 0, PROCESSES_MAX);
}
