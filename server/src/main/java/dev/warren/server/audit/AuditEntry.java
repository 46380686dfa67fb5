package dev.warren.server.audit;

import dev.warren.server.access.UserId;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// One thing that was done.
///
/// @param actor the user's name, or what else did it, such as `daemon`
/// @param action what was done, such as `session.create` or `provider.update`
/// @param target what it was done to, such as `user 0190…`
/// @param detail more of it in words; holds no secret
public record AuditEntry(
    UUID id,
    Optional<UserId> actorId,
    String actor,
    String action,
    String target,
    String detail,
    Instant createdAt) {}
