package dev.warren.llm;

/// Tokens that a provider billed for one answer. `inputTokens` is the whole input, cached or not.
///
/// @param cacheReadTokens of the input, read from the prompt cache
/// @param cacheWriteTokens of the input, written to it
/// @param reasoningTokens of the output
public record Usage(
    long inputTokens,
    long outputTokens,
    long cacheReadTokens,
    long cacheWriteTokens,
    long reasoningTokens) {
  public static final Usage NONE = new Usage(0, 0, 0, 0, 0);

  public Usage plus(Usage other) {
    return new Usage(
        inputTokens + other.inputTokens,
        outputTokens + other.outputTokens,
        cacheReadTokens + other.cacheReadTokens,
        cacheWriteTokens + other.cacheWriteTokens,
        reasoningTokens + other.reasoningTokens);
  }
}
