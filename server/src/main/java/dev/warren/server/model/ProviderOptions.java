package dev.warren.server.model;

import dev.warren.server.http.Problems;
import java.util.Map;
import java.util.Optional;

/// How a provider is called beyond its address and key.
///
/// @param headers sent with each request
/// @param silenceS seconds after which a stream that says nothing counts as dead
public record ProviderOptions(Optional<Map<String, String>> headers, Optional<Integer> silenceS) {
  public static final ProviderOptions NONE =
      new ProviderOptions(Optional.empty(), Optional.empty());

  static final int SILENCE_S_DEFAULT = 300;
  private static final int SILENCE_S_MAX = 3600;

  public ProviderOptions {
    if (silenceS.filter(s -> s < 1 || s > SILENCE_S_MAX).isPresent()) {
      throw Problems.badInput("options.silence_s", "is not between 1 and " + SILENCE_S_MAX);
    }
  }
}
