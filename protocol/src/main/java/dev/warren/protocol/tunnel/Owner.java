package dev.warren.protocol.tunnel;

/// The user whom a workspace belongs to, as its daemon names them: author of commits.
public record Owner(String name, String email) {}
