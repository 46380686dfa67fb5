package dev.warren.server.agent.compaction;

import java.util.Optional;

/// A model's window, and from where on a chat in it is compacted.
///
/// @param limitTokens 0 when it is not known: then only the provider says when it is full
/// @param share of the window from which on a chat is compacted, as an administrator set it for the
///   model; 1 leaves it to the provider
/// @param maxOutputTokens what an answer may take of the window, if that is known
public record Window(long limitTokens, Optional<Double> share, Optional<Integer> maxOutputTokens) {
  /// The share when nothing is set.
  static final double SHARE = 0.7;

  /// In very large windows compaction begins here: models get worse and dearer long before they are
  /// full.
  static final long TOKENS_MAX = 300_000;

  /// Tokens from which on a chat is compacted; [Long#MAX_VALUE] when never.
  long threshold() {
    if (limitTokens <= 0 || share.filter(set -> set >= 1).isPresent()) {
      return Long.MAX_VALUE;
    }
    long byShare =
        share
            .map(set -> (long) (set * limitTokens))
            .orElseGet(() -> Math.min((long) (SHARE * limitTokens), TOKENS_MAX));
    // Providers refuse a request when its input and the longest answer do not fit together.
    long answer = Math.min(maxOutputTokens.orElse(0), limitTokens / 2);
    return Math.max(1, Math.min(byShare, limitTokens - answer));
  }

  /// So much of the window, but no more than `max`; `max` when the window is not known.
  public long part(double shareOfWindow, long max) {
    return limitTokens <= 0 ? max : Math.min(max, (long) (shareOfWindow * limitTokens));
  }
}
