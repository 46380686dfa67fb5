package dev.warren.server.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The providers that variables of the environment name, as the providers' own SDKs read them.
final class EnvironmentProviders {
  private final Map<String, String> environment;
  private final List<Found> found = new ArrayList<>();

  private EnvironmentProviders(Map<String, String> environment) {
    this.environment = environment;
  }

  /// @param variable that named it
  record Found(
      String name,
      String kind,
      String variable,
      Optional<String> key,
      Optional<String> baseUrl,
      ProviderOptions options) {}

  static List<Found> in(Map<String, String> environment) {
    EnvironmentProviders providers = new EnvironmentProviders(environment);
    providers.keyed("Anthropic", "anthropic", "ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL");
    providers.keyed("OpenAI", "openai", "OPENAI_API_KEY", "OPENAI_BASE_URL");
    String google =
        providers.value("GEMINI_API_KEY").isPresent() ? "GEMINI_API_KEY" : "GOOGLE_API_KEY";
    providers.keyed("Google", "google", google, "GOOGLE_GEMINI_BASE_URL");
    if (providers.value("AZURE_OPENAI_ENDPOINT").isPresent()) {
      providers.keyed("Azure", "azure", "AZURE_OPENAI_API_KEY", "AZURE_OPENAI_ENDPOINT");
    }
    providers.aws();
    return List.copyOf(providers.found);
  }

  private Optional<String> value(String variable) {
    return Optional.ofNullable(environment.get(variable))
        .map(String::strip)
        .filter(text -> !text.isEmpty());
  }

  private void keyed(String name, String kind, String keyVariable, String urlVariable) {
    value(keyVariable)
        .ifPresent(key ->
            found.add(
                new Found(
                    name,
                    kind,
                    keyVariable,
                    Optional.of(key),
                    value(urlVariable),
                    ProviderOptions.NONE)));
  }

  /// A key for Bedrock, a fixed access key, or a profile; temporary credentials are read anew by
  /// AWS's own chain.
  private void aws() {
    Optional<String> region = value("AWS_REGION").or(() -> value("AWS_DEFAULT_REGION"));
    Optional<String> bearer = value("AWS_BEARER_TOKEN_BEDROCK");
    Optional<String> id = value("AWS_ACCESS_KEY_ID");
    Optional<String> secret = value("AWS_SECRET_ACCESS_KEY");
    Optional<String> profile = value("AWS_PROFILE");
    boolean fixed = id.isPresent() && secret.isPresent() && value("AWS_SESSION_TOKEN").isEmpty();
    if (bearer.isPresent()) {
      bedrock("AWS_BEARER_TOKEN_BEDROCK", bearer, region, Optional.empty(), Optional.empty());
    } else if (fixed) {
      bedrock("AWS_ACCESS_KEY_ID", secret, region, id, Optional.empty());
    } else if (id.isPresent() && secret.isPresent()) {
      bedrock("AWS_SESSION_TOKEN", Optional.empty(), region, Optional.empty(), Optional.empty());
    } else if (profile.isPresent()) {
      bedrock("AWS_PROFILE", Optional.empty(), region, Optional.empty(), profile);
    }
  }

  private void bedrock(
      String variable,
      Optional<String> key,
      Optional<String> region,
      Optional<String> accessKeyId,
      Optional<String> profile) {
    found.add(
        new Found(
            "AWS Bedrock",
            "bedrock",
            variable,
            key,
            value("AWS_ENDPOINT_URL_BEDROCK_RUNTIME"),
            ProviderOptions.aws(region, profile, accessKeyId)));
  }
}
