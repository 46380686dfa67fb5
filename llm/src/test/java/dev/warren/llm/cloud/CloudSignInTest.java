package dev.warren.llm.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import dev.warren.llm.ProviderException;
import dev.warren.llm.ProviderSettings.Aws;
import dev.warren.llm.ProviderSettings.Azure;
import dev.warren.llm.ProviderSettings.Network;
import dev.warren.llm.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Signing in to the three clouds, against authorities of our own.
class CloudSignInTest {
  private static final URI ASKED = URI.create("https://models.test/v1/x?y=1");
  private static final byte[] BODY = "{}".getBytes(StandardCharsets.UTF_8);

  @TempDir Path folder;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile int status = 200;
  private volatile String answer =
      "{\"access_token\": \"tok-1\", \"expires_in\": \"3600\", \"token_type\": \"Bearer\"}";
  private HttpServer authority;
  private Instant now = Instant.parse("2026-11-22T12:00:00Z");

  @BeforeEach
  void start() throws IOException {
    authority = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    authority.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          asked.add(exchange.getRequestURI() + " " + body);
          byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    authority.start();
  }

  @AfterEach
  void stop() {
    authority.stop(0);
  }

  private String url() {
    return "http://127.0.0.1:" + authority.getAddress().getPort();
  }

  private static Aws aws(String region, String accessKeyId) {
    return new Aws(some(region), Optional.empty(), some(accessKeyId));
  }

  private static Azure azure(String tenant, String client) {
    return new Azure(some(tenant), some(client), Optional.empty());
  }

  private static Optional<String> some(String text) {
    return Optional.of(text).filter(t -> !t.isEmpty());
  }

  private Clock clock() {
    return new Clock() {
      @Override
      public java.time.ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(java.time.ZoneId zone) {
        return this;
      }

      @Override
      public Instant instant() {
        return now;
      }
    };
  }

  private EntraToken entra(Azure azure, Optional<Secret> secret, Map<String, String> more) {
    Map<String, String> environment = new java.util.HashMap<>(more);
    environment.put("AZURE_AUTHORITY_HOST", url() + "/");
    return new EntraToken(azure, secret, Network.NONE, environment, clock());
  }

  @Test
  void entraGivesAClientATokenThatIsKeptUntilItsEndIsNear() throws Exception {
    EntraToken token =
        entra(azure("tenant-1", "client-1"), Optional.of(new Secret("s&cret")), Map.of());
    assertThat(token.headers(ASKED, BODY))
        .containsExactly(Map.entry("Authorization", "Bearer tok-1"));
    token.headers(ASKED, BODY);
    assertThat(asked)
        .singleElement()
        .asString()
        .startsWith("/tenant-1/oauth2/v2.0/token ")
        .contains("client_secret=s%26cret", "client_id=client-1", "grant_type=client_credentials")
        .contains("scope=https%3A%2F%2Fcognitiveservices.azure.com%2F.default");
    now = now.plusSeconds(3400);
    token.headers(ASKED, BODY);
    assertThat(asked).hasSize(2);
  }

  @Test
  void entraTakesTheTokenOfAWorkload() throws Exception {
    Path file = Files.writeString(folder.resolve("token"), "federated-jwt\n");
    EntraToken token =
        entra(
            Azure.NONE,
            Optional.empty(),
            Map.of(
                "AZURE_TENANT_ID", "t",
                "AZURE_CLIENT_ID", "c",
                "AZURE_FEDERATED_TOKEN_FILE", file.toString()));
    token.headers(ASKED, BODY);
    assertThat(asked.getFirst()).contains("client_assertion=federated-jwt").contains("/t/oauth2");
  }

  @Test
  void aManagedIdentityIsAskedWhereTheMachineSaysSo() throws Exception {
    EntraToken token =
        entra(
            Azure.NONE,
            Optional.empty(),
            Map.of("IDENTITY_ENDPOINT", url() + "/msi", "IDENTITY_HEADER", "proof"));
    assertThat(token.headers(ASKED, BODY)).containsEntry("Authorization", "Bearer tok-1");
    assertThat(asked.getFirst()).startsWith("/msi?api-version=2019-08-01&resource=https");
  }

  @Test
  void aRefusalSaysWhatToCheckAndQuotesNothing() {
    status = 400;
    answer =
        "{\"error\": \"invalid_client\", \"error_description\": \"the secret s3cret is wrong\"}";
    EntraToken token = entra(azure("t", "c"), Optional.of(new Secret("s3cret")), Map.of());
    ProviderException e =
        catchThrowableOfType(ProviderException.class, () -> token.headers(ASKED, BODY));
    assertThat(e.kind()).isEqualTo(ProviderException.Kind.AUTH);
    assertThat(e).hasMessageContaining("invalid_client").hasMessageContaining("tenant_id");
    assertThat(e.toString()).doesNotContain("s3cret");
    assertThat(e.getCause()).isNull();
  }

  /// The signature's parts are as AWS's documentation of Signature Version 4 describes them; that
  /// they are right for the bytes is the library's promise, and another body signs otherwise.
  @Test
  void awsRequestsCarryASignatureOfTheirBody() throws Exception {
    AwsSignature signature =
        new AwsSignature(
            aws("eu-west-1", "AKIDEXAMPLE"),
            Optional.of(new Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")),
            "eu-west-1");
    URI uri =
        URI.create("https://bedrock-runtime.eu-west-1.amazonaws.com/model/a%3A0/converse-stream");
    Map<String, String> headers = signature.headers(uri, BODY);
    assertThat(headers.get("Authorization"))
        .startsWith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
        .contains("/eu-west-1/bedrock/aws4_request")
        .matches(".*SignedHeaders=[a-z0-9;-]*host[a-z0-9;-]*, Signature=[0-9a-f]{64}");
    assertThat(headers).containsKey("X-Amz-Date").doesNotContainKey("Host");
    Map<String, String> other =
        signature.headers(uri, "{\"a\":1}".getBytes(StandardCharsets.UTF_8));
    assertThat(other.get("Authorization")).isNotEqualTo(headers.get("Authorization"));
    assertThat(headers.toString()).doesNotContain("wJalr");
  }

  @Test
  void bedrockNeedsARegionAndTheSecretOfItsKey() {
    assertThatThrownBy(() -> new AwsSignature(aws("r", "AKID"), Optional.empty(), "r"))
        .hasMessageContaining("secret access key");
    assertThat(AwsSignature.region(aws("eu-central-1", ""))).isEqualTo("eu-central-1");
  }

  @Test
  void aServiceAccountsKeyFileBecomesAToken() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    String key =
        Base64.getMimeEncoder()
            .encodeToString(generator.generateKeyPair().getPrivate().getEncoded());
    ObjectNode file = JsonNodeFactory.instance.objectNode();
    file.put("type", "service_account").put("project_id", "proj-7");
    file.put("private_key_id", "k").put("client_email", "robot@proj-7.test").put("client_id", "1");
    file.put(
        "private_key", "-----BEGIN PRIVATE KEY-----\n" + key + "\n-----END PRIVATE KEY-----\n");
    file.put("token_uri", url() + "/token");
    String base64 =
        Base64.getEncoder().encodeToString(file.toString().getBytes(StandardCharsets.UTF_8));
    answer = "{\"access_token\": \"tok-g\", \"expires_in\": 3600, \"token_type\": \"Bearer\"}";
    GoogleToken token = new GoogleToken(Optional.of(new Secret(base64)));
    assertThat(token.project()).contains("proj-7");
    assertThat(token.headers(ASKED, BODY)).containsEntry("Authorization", "Bearer tok-g");
    assertThat(asked.getFirst()).startsWith("/token ").contains("assertion=");
    assertThat(new GoogleToken(Optional.of(new Secret("AIza-plain-key"))).isAccountFile())
        .isFalse();
  }

  @Test
  void anAuthorityThatRefusesIsAFailureOfTheSignIn() throws Exception {
    GoogleToken none =
        new GoogleToken(
            Optional.of(
                new Secret(
                    Base64.getEncoder()
                        .encodeToString(
                            "{\"type\":\"service_account\"}".getBytes(StandardCharsets.UTF_8)))));
    assertThat(catchThrowableOfType(ProviderException.class, () -> none.headers(ASKED, BODY)))
        .returns(ProviderException.Kind.AUTH, ProviderException::kind)
        .hasMessageContaining("Google");
  }
}
