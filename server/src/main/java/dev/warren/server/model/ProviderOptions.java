package dev.warren.server.model;

import dev.warren.llm.ProviderSettings.Aws;
import dev.warren.llm.ProviderSettings.Azure;
import dev.warren.llm.ProviderSettings.Cloud;
import dev.warren.llm.ProviderSettings.Google;
import dev.warren.llm.ProviderSettings.Network;
import dev.warren.llm.Secret;
import dev.warren.server.http.Problems;
import java.util.Map;
import java.util.Optional;

/// How a provider is called beyond its address and key, flat as the API has it
/// (`docs/providers.md`): what is not said here is [Cloud]'s and [Network]'s.
///
/// @param headers sent with each request
/// @param silenceS seconds after which a stream that says nothing counts as dead
/// @param proxy `http://host:port`, without a user
public record ProviderOptions(
    Optional<Map<String, String>> headers,
    Optional<Integer> silenceS,
    Optional<String> api,
    Optional<String> project,
    Optional<String> location,
    Optional<String> region,
    Optional<String> profile,
    Optional<String> accessKeyId,
    Optional<String> tenantId,
    Optional<String> clientId,
    Optional<String> apiVersion,
    Optional<String> proxy,
    Optional<String> caCertificates) {
  public static final ProviderOptions NONE =
      new ProviderOptions(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  static final int SILENCE_S_DEFAULT = 300;
  private static final int SILENCE_S_MAX = 3600;
  private static final int NAME_CHARS_MAX = 200;
  private static final int CERTIFICATES_CHARS_MAX = 100_000;

  public ProviderOptions {
    if (silenceS.filter(s -> s < 1 || s > SILENCE_S_MAX).isPresent()) {
      throw Problems.badInput("options.silence_s", "is not between 1 and " + SILENCE_S_MAX);
    }
    checkName("api", api);
    checkName("project", project);
    checkName("location", location);
    checkName("region", region);
    checkName("profile", profile);
    checkName("access_key_id", accessKeyId);
    checkName("tenant_id", tenantId);
    checkName("client_id", clientId);
    checkName("api_version", apiVersion);
    if (caCertificates.filter(pem -> pem.length() > CERTIFICATES_CHARS_MAX).isPresent()) {
      throw Problems.badInput(
          "options.ca_certificates", "is longer than " + CERTIFICATES_CHARS_MAX + " characters");
    }
    if (proxy.filter(url -> url.contains("@")).isPresent()) {
      // Options are shown to administrators; a password is not to be.
      throw Problems.badInput("options.proxy", "has a user; a proxy with a password is not taken");
    }
  }

  static ProviderOptions aws(
      Optional<String> region, Optional<String> profile, Optional<String> accessKeyId) {
    return new ProviderOptions(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        region,
        profile,
        accessKeyId,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /// What stands in a path or a header.
  private static void checkName(String field, Optional<String> value) {
    if (value
        .filter(text -> !text.matches("[A-Za-z0-9._:-]{1," + NAME_CHARS_MAX + "}"))
        .isPresent()) {
      throw Problems.badInput(
          "options." + field,
          "is not 1 to " + NAME_CHARS_MAX + " letters, digits, dots, colons, hyphens, underscores");
    }
  }

  Cloud cloud() {
    return new Cloud(
        api,
        new Google(project, location),
        new Aws(region, profile, accessKeyId),
        new Azure(tenantId, clientId, apiVersion));
  }

  Network network() {
    return new Network(proxy.map(Secret::new), caCertificates);
  }
}
