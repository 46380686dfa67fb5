package dev.warren.protocol.daemon;

import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// `POST /v1/processes`: start a command, or attach to it when the id is known. The same id never
/// runs twice, also over a restart of the daemon; the same id with another command is refused.
///
/// @param command for `sh -c`
/// @param workdir absolute or below `~`; the home folder by default
public record ProcessStart(
    UUID id, String command, Optional<String> workdir, Optional<Map<String, String>> env) {}
