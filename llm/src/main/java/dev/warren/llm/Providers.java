package dev.warren.llm;

import dev.warren.protocol.UuidV7;
import java.net.URI;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Makes providers from their settings.
public final class Providers {
  private static final URI ANTHROPIC = URI.create("https://api.anthropic.com");
  private static final URI OPENAI = URI.create("https://api.openai.com/v1");

  /// The kinds that can be made.
  public static final Set<String> KINDS = Set.of("anthropic", "openai", "openai_compatible");

  /// Headers that the HTTP client or the adapters set themselves.
  private static final Set<String> OWN_HEADERS =
      Set.of("connection", "content-length", "content-type", "expect", "host", "upgrade");

  private Providers() {}

  /// Opens no connection yet.
  ///
  /// @throws ProviderException of kind `INVALID_REQUEST` when the settings make no sense
  public static Provider create(ProviderSettings settings) {
    settings.headers().forEach(Providers::checkHeader);
    settings.apiKey().ifPresent(Providers::checkKey);
    WireFormat format;
    Endpoint endpoint;
    switch (settings.kind()) {
      case "anthropic" -> {
        endpoint = Endpoint.of(settings.baseUrl().orElse(ANTHROPIC));
        format = new Anthropic(endpoint, UuidV7::next);
      }
      case "openai" -> {
        endpoint = Endpoint.of(settings.baseUrl().orElse(OPENAI));
        format = new OpenAiChat(ChatQuirks.of(endpoint, true), UuidV7::next);
      }
      case "openai_compatible" -> {
        endpoint =
            Endpoint.of(
                settings
                    .baseUrl()
                    .orElseThrow(() -> wrong("A provider of this kind needs a base URL.")));
        format = new OpenAiChat(ChatQuirks.of(endpoint, false), UuidV7::next);
      }
      default ->
          throw wrong(
              "There is no provider of kind "
                  + settings.kind()
                  + "; known are "
                  + KINDS.stream().sorted().toList()
                  + ".");
    }
    return new HttpProvider(settings, endpoint, format, Clock.systemUTC());
  }

  private static void checkHeader(String name, String value) {
    if (OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT)) || !name.matches("[A-Za-z0-9-]+")) {
      throw wrong("The header " + name + " cannot be set for a provider.");
    }
    if (!value.matches("[\\x20-\\x7e\\t]*")) {
      throw wrong("The header " + name + " has a value with characters that no header may have.");
    }
  }

  private static void checkKey(Secret key) {
    if (!key.reveal().matches("[\\x21-\\x7e]+")) {
      throw wrong("The API key is empty or has blanks or characters that no key has.");
    }
  }

  private static ProviderException wrong(String message) {
    return new ProviderException(
        ProviderException.Kind.INVALID_REQUEST, 0, Optional.empty(), message);
  }
}
