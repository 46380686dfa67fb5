package dev.warren.llm.cloud;

import dev.warren.llm.ProviderException;
import dev.warren.llm.ProviderSettings;
import dev.warren.llm.anthropic.Anthropic;
import dev.warren.llm.http.Credentials;
import dev.warren.llm.http.Service;
import dev.warren.llm.openai.ChatQuirks;
import dev.warren.llm.openai.OpenAiChat;
import dev.warren.llm.openai.OpenAiResponses;
import dev.warren.llm.wire.Endpoint;
import dev.warren.llm.wire.Formats;
import dev.warren.protocol.UuidV7;
import java.util.Locale;
import java.util.Optional;

/// Azure OpenAI and Azure AI Foundry. A model's name is its deployment's. Newer resources have
/// OpenAI's own paths under `/openai/v1`; the older ones want the deployment in the path and a
/// version (Microsoft's API lifecycle page, November 2026). Foundry has Anthropic's models under
/// `/anthropic`.
public final class AzureProvider {
  private static final String V1 = "/openai/v1";

  private AzureProvider() {}

  public static Service service(ProviderSettings settings) {
    Endpoint endpoint =
        Endpoint.of(
            settings
                .baseUrl()
                .orElseThrow(() ->
                    ProviderException.settings(
                        "A provider of this kind needs a base URL, such as"
                            + " https://NAME.openai.azure.com.")));
    return new Service(endpoint, formats(settings, endpoint), credentials(settings));
  }

  private static Formats formats(ProviderSettings settings, Endpoint endpoint) {
    Optional<String> api = settings.api("responses", "chat", "messages");
    Optional<String> version = settings.cloud().azure().apiVersion();
    String v1 = endpoint.base().getPath().matches(".*/openai/v1/?") ? "" : V1;
    ChatQuirks quirks = ChatQuirks.of(endpoint, true);
    OpenAiChat chat =
        OpenAiChat.at(
            endpoint,
            model ->
                version
                    .map(
                        v -> "/openai/deployments/" + model + OpenAiChat.PATH + "?api-version=" + v)
                    .orElse(v1 + OpenAiChat.PATH),
            quirks,
            UuidV7::next);
    OpenAiResponses responses =
        OpenAiResponses.at(
            endpoint,
            version
                .map(v -> "/openai/responses?api-version=" + v)
                .orElse(v1 + OpenAiResponses.PATH),
            UuidV7::next);
    Anthropic anthropic =
        new Anthropic(model -> "/anthropic/v1/messages", Anthropic.Host.OWN, UuidV7::next);
    return Formats.byModel(model -> {
      String wanted =
          api.orElse(model.toLowerCase(Locale.ROOT).startsWith("claude") ? "messages" : "");
      return switch (wanted) {
        case "messages" -> anthropic;
        case "chat" -> chat;
        case "responses" -> responses;
        // With a version people mean the older paths.
        default -> version.isPresent() ? chat : responses;
      };
    });
  }

  /// A key, a client's secret, or the identity of the machine.
  private static Credentials credentials(ProviderSettings settings) {
    ProviderSettings.Azure azure = settings.cloud().azure();
    if (settings.apiKey().isPresent() && azure.tenantId().isEmpty()) {
      return Credentials.key("api-key", "", settings.apiKey().get());
    }
    return new EntraToken(azure, settings.apiKey(), settings.network());
  }
}
