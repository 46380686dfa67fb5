package dev.warren.server.access;

import java.util.UUID;

/// Names the session or token that a request came with. Revoking it ends what it opened.
public record CredentialId(UUID value) {}
