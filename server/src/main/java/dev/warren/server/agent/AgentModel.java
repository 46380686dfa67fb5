package dev.warren.server.agent;

import dev.warren.llm.Provider;
import dev.warren.llm.Usage;
import dev.warren.server.agent.compaction.Window;
import dev.warren.server.model.ModelId;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/// A model that a chat's next step is to use.
///
/// @param name the provider's own name of it
/// @param contextLimit tokens of its window; 0 when nobody knows
/// @param compactionThreshold the share of the window from which on a chat is compacted
/// @param cost of an answer in US dollars, when its prices are known
public record AgentModel(
    ModelId id,
    Provider provider,
    String name,
    long contextLimit,
    Optional<Integer> maxOutputTokens,
    Optional<Double> compactionThreshold,
    ObjectNode options,
    Function<Usage, Optional<BigDecimal>> cost) {

  Window window() {
    return new Window(contextLimit, compactionThreshold, maxOutputTokens);
  }
}
