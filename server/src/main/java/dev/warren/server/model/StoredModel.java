package dev.warren.server.model;

import java.util.Optional;

/// A model as the database holds it, with its provider's name.
///
/// @param prices JSON of [Prices]
/// @param options JSON that goes into the provider's request as it is
record StoredModel(
    ModelId id,
    ProviderId providerId,
    String provider,
    String name,
    String displayName,
    long contextLimit,
    Optional<Integer> maxOutputTokens,
    Optional<Double> compactionThreshold,
    Optional<String> prices,
    String options,
    boolean enabled,
    boolean isDefault) {}
