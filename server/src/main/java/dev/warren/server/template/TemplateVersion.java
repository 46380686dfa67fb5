package dev.warren.server.template;

import java.time.Instant;
import java.util.Optional;

/// One state of a template, in brief; the active one is what new workspaces are made from.
///
/// @param number 1 for the template's first
/// @param createdBy the username of who pushed it; absent for what the first start made
public record TemplateVersion(
    TemplateVersionId id,
    int number,
    boolean active,
    Optional<String> createdBy,
    Instant createdAt) {}
