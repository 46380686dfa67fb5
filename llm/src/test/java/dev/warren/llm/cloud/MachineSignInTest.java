package dev.warren.llm.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.JsonNodeFactory;

/// Signing in with what a machine has: a role of an instance, a workload or a container, a session
/// of AWS's SSO, a file. Each time in a process of its own ([SignInProbe]), whose environment leads
/// to authorities of ours. Tokens that end within a minute are replaced before the next request.
class MachineSignInTest {
  private static final Duration DEADLINE = Duration.ofMinutes(2);

  /// By the beginning of a path; `N` becomes the number of answers so far. Others are not found.
  private final Map<String, String> answers = new HashMap<>();

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final AtomicInteger count = new AtomicInteger();
  @TempDir Path folder;
  private HttpServer authority;

  @BeforeEach
  void start() throws IOException {
    authority = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    authority.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          String path = exchange.getRequestURI().toString();
          asked.add(
              exchange.getRequestMethod()
                  + " "
                  + path
                  + " "
                  + body
                  + " "
                  + exchange.getRequestHeaders().entrySet());
          String answer =
              answers.entrySet().stream()
                  .filter(known -> path.startsWith(known.getKey()))
                  .max(java.util.Comparator.comparingInt(known -> known.getKey().length()))
                  .map(known ->
                      known.getValue().replace("#N", Integer.toString(count.incrementAndGet())))
                  .orElse("");
          byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Metadata-Flavor", "Google");
          exchange
              .getResponseHeaders()
              .add("Content-Type", answer.startsWith("{") ? "application/json" : "text/plain");
          exchange.sendResponseHeaders(answer.isEmpty() ? 404 : 200, bytes.length);
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

  private static String soon() {
    return Instant.now().plusSeconds(30).truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static String late() {
    return Instant.now().plusSeconds(36_000).truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private List<String> signIn(String cloud, Map<String, String> environment) throws Exception {
    Path output = folder.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Duser.home=" + folder,
            "-cp",
            System.getProperty("java.class.path"),
            "dev.warren.llm.cloud.SignInProbe",
            cloud);
    builder.environment().clear();
    builder.environment().put("HOME", folder.toString());
    builder.environment().putAll(environment);
    Process probe =
        builder
            .redirectOutput(output.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      assertThat(probe.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } finally {
      probe.destroyForcibly();
    }
    return Files.readAllLines(output).stream()
        .filter(line -> line.startsWith("headers ") || line.startsWith("failed "))
        .toList();
  }

  @Test
  void aWorkloadOfKubernetesAssumesItsRoleAtAws() throws Exception {
    Path token = Files.writeString(folder.resolve("token"), "workload-jwt");
    answers.put(
        "/",
        """
        <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
          <AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>ASIAROLE#N</AccessKeyId>
          <SecretAccessKey>role-secret</SecretAccessKey><SessionToken>session-#N</SessionToken>
          <Expiration>SOON</Expiration></Credentials>
          <AssumedRoleUser><Arn>arn:aws:sts::1:assumed-role/r/s</Arn><AssumedRoleId>a:s</AssumedRoleId>
          </AssumedRoleUser></AssumeRoleWithWebIdentityResult>
        </AssumeRoleWithWebIdentityResponse>
        """
            .replace("SOON", soon()));
    List<String> lines =
        signIn(
            "aws",
            Map.of(
                "AWS_WEB_IDENTITY_TOKEN_FILE", token.toString(),
                "AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/models",
                "AWS_ENDPOINT_URL_STS", url(),
                "AWS_REGION", "us-east-1",
                "AWS_EC2_METADATA_DISABLED", "true"));
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0)).contains("Credential=ASIAROLE1/", "session-1");
    assertThat(lines.get(1)).contains("Credential=ASIAROLE2/", "session-2");
    assertThat(asked.getFirst())
        .contains("Action=AssumeRoleWithWebIdentity", "WebIdentityToken=workload-jwt")
        .contains("role%2Fmodels");
    assertThat(lines.toString()).doesNotContain("role-secret");
  }

  @Test
  void aSessionOfSsoBecomesCredentialsOfItsRole() throws Exception {
    String start = "https://sso.test/start";
    Path cache = Files.createDirectories(folder.resolve(".aws/sso/cache"));
    String name =
        HexFormat.of()
            .formatHex(
                MessageDigest.getInstance("SHA-1").digest(start.getBytes(StandardCharsets.UTF_8)));
    Files.writeString(
        cache.resolve(name + ".json"),
        "{\"accessToken\": \"sso-token\", \"expiresAt\": \"%s\", \"startUrl\": \"%s\","
                .formatted(late(), start)
            + " \"region\": \"us-east-1\"}");
    Files.writeString(
        folder.resolve(".aws/config"),
        """
        [default]
        region = us-east-1
        sso_start_url = %s
        sso_region = us-east-1
        sso_account_id = 123456789012
        sso_role_name = models
        """
            .formatted(start));
    answers.put(
        "/federation/credentials",
        "{\"roleCredentials\": {\"accessKeyId\": \"ASIASSO#N\", \"secretAccessKey\": \"s\","
            + " \"sessionToken\": \"t\", \"expiration\": "
            + Instant.now().plusSeconds(30).toEpochMilli()
            + "}}");
    List<String> lines =
        signIn("aws", Map.of("AWS_ENDPOINT_URL_SSO", url(), "AWS_EC2_METADATA_DISABLED", "true"));
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0)).contains("Credential=ASIASSO1/");
    assertThat(lines.get(1)).contains("Credential=ASIASSO2/");
    assertThat(asked.getFirst())
        .contains("role_name=models", "account_id=123456789012", "sso-token");
  }

  @Test
  void anInstanceOfAwsIsAskedForItsRoleWithATokenOfTheSession() throws Exception {
    String base = "/latest/meta-data/iam/security-credentials";
    answers.put("/latest/api/token", "imds-session");
    answers.put(base + "/", "models-role");
    answers.put(
        base + "/models-role",
        "{\"Code\": \"Success\", \"AccessKeyId\": \"ASIAINSTANCE\", \"SecretAccessKey\": \"s\","
            + " \"Token\": \"t\", \"LastUpdated\": \"2026-01-01T00:00:00Z\", \"Expiration\": \""
            + late()
            + "\"}");
    List<String> lines = signIn("aws", Map.of("AWS_EC2_METADATA_SERVICE_ENDPOINT", url()));
    assertThat(lines).hasSize(2).allMatch(line -> line.contains("Credential=ASIAINSTANCE/"));
    assertThat(asked).anyMatch(request -> request.startsWith("PUT /latest/api/token"));
    assertThat(asked)
        .filteredOn(request -> request.contains("models-role "))
        .singleElement()
        .asString()
        .contains("imds-session");
  }

  @Test
  void aContainerOfAwsHasAnEndpointOfItsOwn() throws Exception {
    answers.put(
        "/pod",
        "{\"AccessKeyId\": \"ASIAPOD\", \"SecretAccessKey\": \"s\", \"Token\": \"t\","
            + " \"Expiration\": \""
            + late()
            + "\"}");
    List<String> lines =
        signIn(
            "aws",
            Map.of(
                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                url() + "/pod",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN",
                "pod-proof"));
    assertThat(lines).hasSize(2).allMatch(line -> line.contains("Credential=ASIAPOD/"));
    assertThat(asked).singleElement().asString().contains("pod-proof");
  }

  @Test
  void aMachineWithoutAnythingOfAwsSaysWhatToSet() throws Exception {
    List<String> lines = signIn("aws", Map.of("AWS_EC2_METADATA_DISABLED", "true"));
    assertThat(lines)
        .hasSize(2)
        .allMatch(line ->
            line.equals(
                "failed AUTH AWS gave no credentials; set an access key, or a profile or role of"
                    + " the machine."));
  }

  @Test
  void aProfileThatIsNamedIsMeantWhateverTheEnvironmentHolds() throws Exception {
    Map<String, String> environment =
        Map.of("AWS_ACCESS_KEY_ID", "AKIDENV", "AWS_SECRET_ACCESS_KEY", "s");
    assertThat(signIn("aws profile", environment))
        .hasSize(2)
        .allMatch(line ->
            line.startsWith("failed AUTH AWS's profile team gives no credentials;")
                && line.contains("aws sso login --profile team"));
    Files.createDirectories(folder.resolve(".aws"));
    Files.writeString(
        folder.resolve(".aws/credentials"),
        "[team]\naws_access_key_id = AKIDTEAM\naws_secret_access_key = s\n");
    assertThat(signIn("aws profile", environment))
        .hasSize(2)
        .allMatch(line -> line.contains("Credential=AKIDTEAM/"));
  }

  @Test
  void anInstanceOfGooglesCloudIsAskedForItsToken() throws Exception {
    answers.put("/", "computeMetadata/");
    answers.put(
        "/computeMetadata/v1/instance/service-accounts/default/token",
        "{\"access_token\": \"gce-#N\", \"expires_in\": 30, \"token_type\": \"Bearer\"}");
    List<String> lines =
        signIn("google", Map.of("GCE_METADATA_HOST", url().substring("http://".length())));
    assertThat(lines).hasSize(2).allMatch(line -> line.startsWith("headers {Authorization=Bearer"));
    assertThat(lines.get(0)).isNotEqualTo(lines.get(1));
    assertThat(asked)
        .filteredOn(request -> request.contains("/default/token"))
        .hasSize(2)
        .allMatch(request -> request.contains("cloud-platform"))
        .allMatch(request -> request.contains("Google"));
  }

  @Test
  void theFileOfTheApplicationsDefaultCredentialsIsUsed() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    String key =
        Base64.getMimeEncoder()
            .encodeToString(generator.generateKeyPair().getPrivate().getEncoded());
    Path file =
        Files.writeString(
            folder.resolve("adc.json"),
            JsonNodeFactory.instance
                .objectNode()
                .put("type", "service_account")
                .put("project_id", "proj-7")
                .put("private_key_id", "k")
                .put("client_email", "robot@proj-7.test")
                .put("client_id", "1")
                .put("token_uri", url() + "/token")
                .put(
                    "private_key",
                    "-----BEGIN PRIVATE KEY-----\n" + key + "\n-----END PRIVATE KEY-----\n")
                .toString());
    answers.put(
        "/token", "{\"access_token\": \"adc-#N\", \"expires_in\": 30, \"token_type\": \"Bearer\"}");
    List<String> lines =
        signIn("google", Map.of("GOOGLE_APPLICATION_CREDENTIALS", file.toString()));
    assertThat(lines)
        .containsExactly(
            "headers {Authorization=Bearer adc-1}", "headers {Authorization=Bearer adc-2}");
    assertThat(asked).allMatch(request -> request.contains("assertion="));
  }

  @Test
  void aMachineWithoutAnythingOfGooglesSaysWhatToSet() throws Exception {
    List<String> lines = signIn("google", Map.of("NO_GCE_CHECK", "true"));
    assertThat(lines)
        .hasSize(2)
        .allMatch(line ->
            line.startsWith("failed AUTH Google gave no access token")
                && line.contains("GOOGLE_APPLICATION_CREDENTIALS"));
  }
}
