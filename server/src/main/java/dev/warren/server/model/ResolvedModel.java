package dev.warren.server.model;

import dev.warren.llm.Provider;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// A model that can be asked now.
///
/// @param provider shared by all who use it; not to be closed by them
/// @param name the provider's own name of it
/// @param contextLimit tokens of its window
/// @param compactionThreshold the share of the window past which a chat is compacted
/// @param options merged into the request's body as they are
public record ResolvedModel(
    ModelId id,
    Provider provider,
    String name,
    String displayName,
    long contextLimit,
    Optional<Integer> maxOutputTokens,
    Optional<Double> compactionThreshold,
    Optional<Prices> prices,
    ObjectNode options) {}
