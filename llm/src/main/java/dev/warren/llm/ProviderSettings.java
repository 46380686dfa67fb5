package dev.warren.llm;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// How a provider is reached.
///
/// @param kind the contract's: `anthropic`, `openai`, `openai_compatible`, …
/// @param baseUrl as the provider's own SDK takes it; its public one when absent
/// @param apiKey absent for servers that want none
/// @param headers sent with each request, beside the adapter's own
/// @param silence the longest wait for the next byte of a stream
public record ProviderSettings(
    String kind,
    Optional<URI> baseUrl,
    Optional<Secret> apiKey,
    Map<String, String> headers,
    Duration silence) {
  public ProviderSettings {
    headers = Map.copyOf(headers);
  }
}
