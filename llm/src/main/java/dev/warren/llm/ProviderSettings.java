package dev.warren.llm;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How a provider is reached.
///
/// @param kind the contract's: `anthropic`, `openai`, `openai_compatible`, …
/// @param baseUrl as the provider's own SDK takes it; its public one when absent
/// @param apiKey absent for servers that want none, and for clouds that one signs in to otherwise
/// @param headers sent with each request, beside the adapter's own
/// @param silence the longest wait for the next byte of a stream
public record ProviderSettings(
    String kind,
    Optional<URI> baseUrl,
    Optional<Secret> apiKey,
    Map<String, String> headers,
    Duration silence,
    Cloud cloud,
    Network network) {
  public ProviderSettings {
    headers = Map.copyOf(headers);
  }

  /// Without anything of a cloud or a network.
  public ProviderSettings(
      String kind,
      Optional<URI> baseUrl,
      Optional<Secret> apiKey,
      Map<String, String> headers,
      Duration silence) {
    this(kind, baseUrl, apiKey, headers, silence, Cloud.NONE, Network.NONE);
  }

  /// The wire format that these settings ask for.
  ///
  /// @param known those that the kind has
  /// @throws ProviderException of kind `INVALID_REQUEST` when it has no such format
  public Optional<String> api(String... known) {
    cloud
        .api()
        .filter(api -> !List.of(known).contains(api))
        .ifPresent(api -> {
          throw ProviderException.settings(
              "A provider of kind %s has no api %s; it has %s."
                  .formatted(kind, api, List.of(known)));
        });
    return cloud.api();
  }

  /// Where in a cloud the models are, and who asks: of each cloud its own words.
  ///
  /// @param api the wire format: `responses` or `chat` of OpenAI's, `messages` or `converse` on
  ///   Bedrock; the usual one when absent
  public record Cloud(Optional<String> api, Google google, Aws aws, Azure azure) {
    public static final Cloud NONE = new Cloud(Optional.empty(), Google.NONE, Aws.NONE, Azure.NONE);
  }

  /// @param location such as `global` or `europe-west4`
  public record Google(Optional<String> project, Optional<String> location) {
    public static final Google NONE = new Google(Optional.empty(), Optional.empty());
  }

  /// @param profile of AWS's configuration files
  /// @param accessKeyId of which the API key is the secret
  public record Aws(
      Optional<String> region, Optional<String> profile, Optional<String> accessKeyId) {
    public static final Aws NONE = new Aws(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /// @param tenantId of Entra
  /// @param clientId of Entra, of which the API key is the secret; a managed identity's without one
  /// @param apiVersion of Azure OpenAI's older paths
  public record Azure(
      Optional<String> tenantId, Optional<String> clientId, Optional<String> apiVersion) {
    public static final Azure NONE =
        new Azure(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /// What lies between here and the provider.
  ///
  /// @param proxy `http://host:port`, with `user:password@` when it wants them; the JVM's when
  ///   absent
  /// @param caCertificates PEM of authorities that are trusted beside the JVM's
  public record Network(Optional<Secret> proxy, Optional<String> caCertificates) {
    public static final Network NONE = new Network(Optional.empty(), Optional.empty());
  }
}
