package dev.warren.llm.cloud;

import dev.warren.llm.ProviderException;
import dev.warren.llm.ProviderSettings;
import dev.warren.llm.Secret;
import dev.warren.llm.http.Credentials;
import dev.warren.llm.wire.WireJson;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Access tokens of Microsoft Entra for Azure's models: of a client with its secret (the API key)
/// or with a federated token (a workload in Kubernetes), else of the machine's managed identity.
/// Three small requests instead of Azure's library of 40 jars. Thread-safe.
final class EntraToken implements Credentials {
  private static final String RESOURCE = "https://cognitiveservices.azure.com";

  /// A token is renewed this long before its end.
  private static final Duration EARLY = Duration.ofMinutes(5);

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /// What an instance of Azure asks for its identity, with the header that proves the asker local.
  private static final String INSTANCE =
      "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01";

  private final ProviderSettings.Azure azure;
  private final Optional<Secret> secret;
  private final Map<String, String> environment;
  private final Clock clock;
  private final HttpClient http;

  private volatile @Nullable Token token;

  EntraToken(
      ProviderSettings.Azure azure, Optional<Secret> secret, ProviderSettings.Network network) {
    this(azure, secret, network, System.getenv(), Clock.systemUTC());
  }

  EntraToken(
      ProviderSettings.Azure azure,
      Optional<Secret> secret,
      ProviderSettings.Network network,
      Map<String, String> environment,
      Clock clock) {
    this.azure = azure;
    this.secret = secret;
    this.environment = Map.copyOf(environment);
    this.clock = clock;
    HttpClient.Builder builder =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE);
    network
        .proxy()
        .map(proxy -> URI.create(proxy.reveal()))
        .ifPresent(proxy ->
            builder.proxy(
                ProxySelector.of(
                    InetSocketAddress.createUnresolved(proxy.getHost(), proxy.getPort()))));
    this.http = builder.build();
  }

  private record Token(Secret value, Instant until) {}

  /// Two threads may ask at once; both tokens are good.
  @Override
  public Map<String, String> headers(URI uri, byte[] body) throws InterruptedException {
    Token known = token;
    if (known == null || !clock.instant().isBefore(known.until().minus(EARLY))) {
      known = ask();
      token = known;
    }
    return Map.of("Authorization", "Bearer " + known.value().reveal());
  }

  private Token ask() throws InterruptedException {
    try {
      HttpResponse<String> response =
          http.send(request(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      ObjectNode answer = WireJson.object(response.body()).orElseThrow(IOException::new);
      String value = WireJson.string(answer, "access_token");
      if (response.statusCode() != 200 || value.isEmpty()) {
        throw refused(WireJson.string(answer, "error"));
      }
      return new Token(new Secret(value), clock.instant().plusSeconds(lifetimeS(answer)));
    } catch (IOException e) {
      // Not chained: what an authority answers is nobody's business.
      throw refused("");
    }
  }

  /// A number, or text that is one: managed identities write it so.
  private static long lifetimeS(ObjectNode answer) {
    String text = answer.path("expires_in").asString("0");
    return text.matches("\\d{1,9}") ? Long.parseLong(text) : 0;
  }

  private static ProviderException refused(String code) {
    String why = code.matches("[a-z_]{1,60}") ? " (" + code + ")" : "";
    return new ProviderException(
        ProviderException.Kind.AUTH,
        0,
        Optional.empty(),
        "Microsoft Entra gave no access token"
            + why
            + "; check tenant_id, client_id and the client's secret, or the managed identity.");
  }

  private HttpRequest request() throws IOException {
    Optional<String> tenant = azure.tenantId().or(() -> variable("AZURE_TENANT_ID"));
    Optional<String> client = azure.clientId().or(() -> variable("AZURE_CLIENT_ID"));
    Optional<String> federated = variable("AZURE_FEDERATED_TOKEN_FILE");
    if (tenant.isPresent() && client.isPresent() && (secret.isPresent() || federated.isPresent())) {
      Map<String, String> form = new LinkedHashMap<>();
      form.put("grant_type", "client_credentials");
      form.put("scope", RESOURCE + "/.default");
      form.put("client_id", client.get());
      if (secret.isPresent()) {
        form.put("client_secret", secret.get().reveal());
      } else {
        form.put("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        form.put("client_assertion", Files.readString(Path.of(federated.orElseThrow())).strip());
      }
      String authority =
          variable("AZURE_AUTHORITY_HOST").orElse("https://login.microsoftonline.com");
      URI uri =
          URI.create(
              authority.replaceAll("/+$", "") + "/" + encoded(tenant.get()) + "/oauth2/v2.0/token");
      return HttpRequest.newBuilder(uri)
          .timeout(PATIENCE)
          .header("Content-Type", "application/x-www-form-urlencoded")
          .POST(HttpRequest.BodyPublishers.ofString(query(form)))
          .build();
    }
    return managedIdentity(client);
  }

  private HttpRequest managedIdentity(Optional<String> client) {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("resource", RESOURCE);
    client.ifPresent(id -> query.put("client_id", id));
    Optional<String> endpoint = variable("IDENTITY_ENDPOINT");
    Optional<String> proof = variable("IDENTITY_HEADER");
    if (endpoint.isPresent() && proof.isPresent()) {
      URI uri = URI.create(endpoint.get() + "?api-version=2019-08-01&" + query(query));
      return HttpRequest.newBuilder(uri)
          .timeout(PATIENCE)
          .header("X-IDENTITY-HEADER", proof.get())
          .build();
    }
    return HttpRequest.newBuilder(URI.create(INSTANCE + "&" + query(query)))
        .timeout(PATIENCE)
        .header("Metadata", "true")
        .build();
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  private static String query(Map<String, String> members) {
    return members.entrySet().stream()
        .map(member -> member.getKey() + "=" + encoded(member.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
