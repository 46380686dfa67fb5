package dev.warren.daemon.ssh;

import dev.warren.daemon.os.Exits;
import dev.warren.daemon.process.ChildEnvironment;
import dev.warren.daemon.process.LoginShell;
import java.nio.file.Path;

/// In which programs are started.
///
/// @param home where they begin
/// @param shell which runs what a client asks for
/// @param stateFolder where sockets of agents and the host key lie
public record Surroundings(
    Path home, LoginShell shell, ChildEnvironment environment, Exits exits, Path stateFolder) {}
