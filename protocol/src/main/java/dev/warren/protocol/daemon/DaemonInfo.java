package dev.warren.protocol.daemon;

import java.util.UUID;

/// `GET /v1/info`: what the daemon is and where it runs.
///
/// @param storeId names the outcome store on the daemon's disk; a new one means that what an
///   earlier store knew is lost
public record DaemonInfo(
    String version,
    UUID storeId,
    String os,
    String arch,
    String home,
    String workingDirectory,
    String user,
    String shell) {}
