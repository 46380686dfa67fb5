package dev.warren.server.identity;

import dev.warren.server.access.Scope;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// A token, without its secret.
public record Token(
    UUID id,
    String name,
    Scope scope,
    Instant createdAt,
    Optional<Instant> lastUsedAt,
    Instant expiresAt) {}
