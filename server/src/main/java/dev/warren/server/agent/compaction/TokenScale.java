package dev.warren.server.agent.compaction;

/// How many characters make a token. Nobody here has the models' tokenizers: the scale starts at
/// what is usual for text and code, and follows what the provider reports.
///
/// @param charsPerToken between [#MIN] and [#MAX], so that a provider that reports nonsense does
///   not make us blind
public record TokenScale(double charsPerToken) {
  /// English and code are between 3 and 4.5 with the current tokenizers.
  public static final TokenScale USUAL = new TokenScale(3.5);

  /// Chinese and Japanese are near 1.4.
  static final double MIN = 1;

  static final double MAX = 8;

  public TokenScale {
    charsPerToken = Math.clamp(charsPerToken, MIN, MAX);
  }

  /// The scale at which so many characters were so many tokens.
  static TokenScale of(long chars, long tokens) {
    return tokens <= 0 ? USUAL : new TokenScale((double) chars / tokens);
  }

  public long tokens(long chars) {
    return (long) Math.ceil(chars / charsPerToken);
  }

  public long chars(long tokens) {
    return (long) (tokens * charsPerToken);
  }
}
