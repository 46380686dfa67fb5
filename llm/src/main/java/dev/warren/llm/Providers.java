package dev.warren.llm;

import dev.warren.llm.anthropic.Anthropic;
import dev.warren.llm.cloud.AzureProvider;
import dev.warren.llm.cloud.BedrockProvider;
import dev.warren.llm.cloud.VertexProvider;
import dev.warren.llm.google.Gemini;
import dev.warren.llm.http.Credentials;
import dev.warren.llm.http.HttpProvider;
import dev.warren.llm.http.Service;
import dev.warren.llm.openai.ChatQuirks;
import dev.warren.llm.openai.OpenAiChat;
import dev.warren.llm.openai.OpenAiResponses;
import dev.warren.llm.wire.Endpoint;
import dev.warren.llm.wire.Formats;
import dev.warren.llm.wire.WireFormat;
import dev.warren.protocol.UuidV7;
import java.net.URI;
import java.time.Clock;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/// Makes providers from their settings.
public final class Providers {
  private static final URI ANTHROPIC = URI.create("https://api.anthropic.com");
  private static final URI OPENAI = URI.create("https://api.openai.com/v1");
  private static final URI GOOGLE = URI.create("https://generativelanguage.googleapis.com");

  private static final Map<String, Function<ProviderSettings, Service>> MAKERS =
      Map.of(
          "anthropic", Providers::anthropic,
          "openai", Providers::openAi,
          "openai_compatible", Providers::compatible,
          "google", Providers::google,
          "vertex", VertexProvider::service,
          "azure", AzureProvider::service,
          "bedrock", BedrockProvider::service);

  /// The kinds that can be made.
  public static final Set<String> KINDS = MAKERS.keySet();

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
    Service service = service(settings);
    return new HttpProvider(settings, service, Clock.systemUTC());
  }

  /// The levels of reasoning that the catalogue has for a model, each with the options of a request
  /// that ask for it.
  ///
  /// @throws ProviderException of kind `INVALID_REQUEST` when the settings make no sense
  public static Map<ReasoningLevel, ObjectNode> reasoning(ProviderSettings settings, String model) {
    List<ReasoningLevel> levels =
        KnownModels.find(settings.kind(), settings.baseUrl(), model)
            .map(KnownModel::reasoningLevels)
            .orElse(List.of());
    Map<ReasoningLevel, ObjectNode> options = new EnumMap<>(ReasoningLevel.class);
    if (!levels.isEmpty()) {
      WireFormat format = service(settings).formats().of(model);
      levels.forEach(level -> options.put(level, format.reasoning(model, level)));
    }
    return options;
  }

  private static Service service(ProviderSettings settings) {
    Function<ProviderSettings, Service> maker = MAKERS.get(settings.kind());
    if (maker == null) {
      throw ProviderException.settings(
          "There is no provider of kind "
              + settings.kind()
              + "; known are "
              + List.copyOf(new TreeMap<>(MAKERS).keySet())
              + ".");
    }
    return maker.apply(settings);
  }

  private static Service anthropic(ProviderSettings settings) {
    Endpoint endpoint = Endpoint.of(settings.baseUrl().orElse(ANTHROPIC));
    return new Service(
        endpoint,
        Formats.only(Anthropic.at(endpoint, UuidV7::next)),
        key(settings, key -> Credentials.key("x-api-key", "", key)));
  }

  /// Responses, unless a server that stands in for OpenAI's turns out to have only the older API.
  private static Service openAi(ProviderSettings settings) {
    Endpoint endpoint = Endpoint.of(settings.baseUrl().orElse(OPENAI));
    OpenAiResponses responses = OpenAiResponses.at(endpoint, OpenAiResponses.PATH, UuidV7::next);
    OpenAiChat chat = chat(endpoint, true);
    Formats formats =
        switch (settings.api("responses", "chat").orElse("")) {
          case "responses" -> Formats.only(responses);
          case "chat" -> Formats.only(chat);
          default -> Formats.firstElse(responses, chat);
        };
    return new Service(endpoint, formats, key(settings, Credentials::bearer));
  }

  private static Service compatible(ProviderSettings settings) {
    Endpoint endpoint =
        Endpoint.of(
            settings
                .baseUrl()
                .orElseThrow(
                    () -> ProviderException.settings("A provider of this kind needs a base URL.")));
    boolean responses = settings.api("responses", "chat").filter("responses"::equals).isPresent();
    Formats formats =
        Formats.only(
            responses
                ? OpenAiResponses.at(endpoint, OpenAiResponses.PATH, UuidV7::next)
                : chat(endpoint, false));
    return new Service(endpoint, formats, key(settings, Credentials::bearer));
  }

  private static OpenAiChat chat(Endpoint endpoint, boolean official) {
    return OpenAiChat.at(
        endpoint, model -> OpenAiChat.PATH, ChatQuirks.of(endpoint, official), UuidV7::next);
  }

  /// The base URL is without the version; people paste it with.
  private static Service google(ProviderSettings settings) {
    Endpoint endpoint = Endpoint.of(settings.baseUrl().orElse(GOOGLE));
    String version = endpoint.base().getPath().matches(".*/v\\d\\w*/?") ? "" : "/v1beta";
    Gemini gemini =
        new Gemini(
            model -> version + (model.contains("/") ? "/" + model : "/models/" + model),
            UuidV7::next);
    return new Service(
        endpoint,
        Formats.only(gemini),
        key(settings, key -> Credentials.key("x-goog-api-key", "", key)));
  }

  private static Credentials key(ProviderSettings settings, Function<Secret, Credentials> use) {
    return settings.apiKey().map(use).orElseGet(Credentials::none);
  }

  private static void checkHeader(String name, String value) {
    if (OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT)) || !name.matches("[A-Za-z0-9-]+")) {
      throw ProviderException.settings("The header " + name + " cannot be set for a provider.");
    }
    if (!value.matches("[\\x20-\\x7e\\t]*")) {
      throw ProviderException.settings(
          "The header " + name + " has a value with characters that no header may have.");
    }
  }

  private static void checkKey(Secret key) {
    if (!key.reveal().matches("[\\x21-\\x7e]+")) {
      throw ProviderException.settings(
          "The API key is empty or has blanks or characters that no key has.");
    }
  }
}
