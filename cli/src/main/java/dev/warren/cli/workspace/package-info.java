/// Workspaces from the command line: their builds, and the ways into them through a tunnel of this
/// process (ssh, forwarded ports, ping).
@NullMarked
package dev.warren.cli.workspace;

import org.jspecify.annotations.NullMarked;
