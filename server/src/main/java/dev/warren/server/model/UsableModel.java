package dev.warren.server.model;

/// A model that may be used now.
///
/// @param contextLimit its window in tokens
public record UsableModel(ModelId id, long contextLimit) {}
