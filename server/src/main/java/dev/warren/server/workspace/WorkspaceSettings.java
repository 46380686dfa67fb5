package dev.warren.server.workspace;

import java.net.URI;
import java.nio.file.Path;
import java.util.function.Supplier;

/// What workspaces need to know of the installation.
///
/// @param dataFolder the control plane's own; exists
/// @param bundlesFolder where the daemon's `OS-ARCH.tar.gz` are
/// @param accessUrl what daemons dial; asked for once the server listens
/// @param hostIsOwn whether the control plane listens on loopback only
/// @param localMounts `WARREN_LOCAL_MOUNTS`, may be empty
/// @param localUnisolated `WARREN_LOCAL_UNISOLATED`
public record WorkspaceSettings(
    Path dataFolder,
    Path bundlesFolder,
    Supplier<URI> accessUrl,
    boolean hostIsOwn,
    String localMounts,
    boolean localUnisolated) {}
