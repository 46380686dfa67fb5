/// Runs a local workspace on this host so that nothing in it reaches the host: bubblewrap under a
/// user of its own, behind a seccomp filter, with an allow-list of mounts.
///
/// Owns the folder of a workspace on disk, the start script, the list of mounts and the filter.
/// Must not know of builds, templates, databases or tunnels. Threads: none of its own; all calls
/// block and are safe from any thread, one at a time for one workspace. Invariants: as root it
/// drops to the workspace's user before bubblewrap starts; no mount source or target lies in a
/// folder that the workspace can write; the sandbox is its first process (pid, start time and
/// boot), not the process that started it. What was tried against it stands in the attack test.
@NullMarked
package dev.warren.server.workspace.sandbox;

import org.jspecify.annotations.NullMarked;
