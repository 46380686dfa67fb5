package dev.warren.server.approval;

import java.util.Optional;

/// A call as rules see it.
///
/// @param command what it hands to the shell, if it does
public record ToolUse(String tool, Optional<String> command) {}
