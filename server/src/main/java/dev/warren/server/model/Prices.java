package dev.warren.server.model;

import dev.warren.llm.KnownModel;
import dev.warren.llm.Usage;
import java.math.BigDecimal;
import java.util.Optional;

/// What a model costs, in US dollars for a million tokens.
///
/// @param cacheReadUsd of input that the provider's cache had; as other input when absent
/// @param cacheWriteUsd of input that went into the cache; as other input when absent
public record Prices(
    BigDecimal inputUsd,
    BigDecimal outputUsd,
    Optional<BigDecimal> cacheReadUsd,
    Optional<BigDecimal> cacheWriteUsd) {
  private static final int MILLION_DIGITS = 6;

  public Prices {
    check(inputUsd);
    check(outputUsd);
    cacheReadUsd.ifPresent(Prices::check);
    cacheWriteUsd.ifPresent(Prices::check);
  }

  static Prices of(KnownModel.Price known) {
    return new Prices(known.input(), known.output(), known.cacheRead(), known.cacheWrite());
  }

  private static void check(BigDecimal price) {
    if (price.signum() < 0) {
      throw new IllegalArgumentException("a price is not negative");
    }
  }

  /// What an answer cost.
  public BigDecimal of(Usage usage) {
    long plain = usage.inputTokens() - usage.cacheReadTokens() - usage.cacheWriteTokens();
    return times(inputUsd, Math.max(0, plain))
        .add(times(cacheReadUsd.orElse(inputUsd), usage.cacheReadTokens()))
        .add(times(cacheWriteUsd.orElse(inputUsd), usage.cacheWriteTokens()))
        .add(times(outputUsd, usage.outputTokens()));
  }

  private static BigDecimal times(BigDecimal price, long tokens) {
    return price.multiply(BigDecimal.valueOf(tokens)).movePointLeft(MILLION_DIGITS);
  }
}
