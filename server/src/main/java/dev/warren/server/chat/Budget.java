package dev.warren.server.chat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;

/// What a chat and its sub-agents may use; no limit where absent. Counted are the tokens in and
/// out, cached or not, and their price, which is known only where the model has prices.
public record Budget(Optional<Long> tokens, Optional<BigDecimal> usd) {
  public static final Budget NONE = new Budget(Optional.empty(), Optional.empty());

  /// The share of a budget from which on people are warned.
  public static final BigDecimal WARNING_SHARE = new BigDecimal("0.8");

  private static final int SHARE_DIGITS = 4;

  public Budget {
    if (tokens.filter(value -> value < 1).isPresent()) {
      throw new IllegalArgumentException("a budget of tokens starts at 1");
    }
    if (usd.filter(value -> value.signum() <= 0).isPresent()) {
      throw new IllegalArgumentException("a budget of money is more than nothing");
    }
  }

  /// The share that is used, of whichever of the two is nearer to its end; absent without a budget.
  public Optional<BigDecimal> usedShare(ChatMessage.MessageUsage usage) {
    Optional<BigDecimal> ofTokens =
        tokens.map(max -> share(BigDecimal.valueOf(spent(usage)), BigDecimal.valueOf(max)));
    Optional<BigDecimal> ofUsd =
        usd.map(max -> share(usage.costUsd().orElse(BigDecimal.ZERO), max));
    return ofTokens.isPresent() && ofUsd.isPresent()
        ? Optional.of(ofTokens.get().max(ofUsd.get()))
        : ofTokens.or(() -> ofUsd);
  }

  /// Why nothing more may be used, for people; absent while something is left.
  public Optional<String> exhausted(ChatMessage.MessageUsage usage) {
    if (tokens.filter(max -> spent(usage) >= max).isPresent()) {
      return Optional.of(spent(usage) + " of " + tokens.get() + " tokens");
    }
    BigDecimal cost = usage.costUsd().orElse(BigDecimal.ZERO);
    return usd.filter(max -> cost.compareTo(max) >= 0)
        .map(max ->
            "$"
                + cost.setScale(SHARE_DIGITS, RoundingMode.HALF_UP).toPlainString()
                + " of $"
                + max.toPlainString());
  }

  static boolean warns(BigDecimal usedShare) {
    return usedShare.compareTo(WARNING_SHARE) >= 0;
  }

  private static long spent(ChatMessage.MessageUsage usage) {
    return usage.inputTokens() + usage.outputTokens();
  }

  private static BigDecimal share(BigDecimal used, BigDecimal max) {
    return used.divide(max, SHARE_DIGITS, RoundingMode.HALF_UP);
  }
}
