package dev.warren.server.identity;

import dev.warren.server.access.Role;
import dev.warren.server.access.UserId;
import java.time.Instant;
import java.util.Optional;

/// A user, as the API shows it.
///
/// @param suspended whether nothing of his is let in
public record User(
    UserId id,
    String email,
    String username,
    Role role,
    boolean suspended,
    Instant createdAt,
    Optional<Instant> lastSeenAt) {}
