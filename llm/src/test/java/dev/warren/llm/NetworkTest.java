package dev.warren.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.warren.llm.ProviderException.Kind;
import dev.warren.llm.ProviderSettings.Cloud;
import dev.warren.llm.ProviderSettings.Network;
import dev.warren.scripted.Script;
import dev.warren.scripted.ScriptedModel;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;

/// TLS with an authority of one's own, and a proxy in between.
class NetworkTest {
  private static final String PASSWORD = "changeit";

  @TempDir Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<String> tunnels = new CopyOnWriteArrayList<>();
  private ScriptedModel model;

  @BeforeEach
  void start() {
    model = new ScriptedModel(Script.parse("{\"rules\": [{\"turns\": [[{\"text\": \"ok\"}]]}]}"));
    open.add(model);
    model.start();
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable closeable : open.reversed()) {
      closeable.close();
    }
  }

  private Provider provider(String url, Network network) {
    Provider provider =
        Providers.create(
            new ProviderSettings(
                "anthropic",
                Optional.of(URI.create(url)),
                Optional.of(new Secret("sk-network-0123456789")),
                Map.of(),
                Duration.ofSeconds(10),
                Cloud.NONE,
                network));
    open.add(provider);
    return provider;
  }

  private static Completion ask(Provider provider) throws InterruptedException {
    return provider.stream(
        new ModelRequest(
            "m",
            "",
            List.of(),
            List.of(new Message(Message.Role.USER, List.of(Part.Text.of("hi")))),
            Optional.empty(),
            JsonNodeFactory.instance.objectNode(),
            ""),
        event -> {});
  }

  private static ProviderException failure(Provider provider) {
    return catchThrowableOfType(ProviderException.class, () -> ask(provider));
  }

  private KeyStore keys() throws Exception {
    return keys("-0d");
  }

  /// A key with a certificate for `localhost` that holds for two days, and its authority's, made by
  /// the JDK's own tool.
  ///
  /// @param start of the two days, from now, as the tool has it
  private KeyStore keys(String start) throws Exception {
    generate("authority", "-dname", "CN=authority", "-ext", "bc:c");
    generate(
        "server",
        "-dname",
        "CN=localhost",
        "-ext",
        "san=dns:localhost",
        "-startdate",
        start,
        "-validity",
        "2",
        "-signer",
        "authority");
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(folder.resolve("keys.p12"))) {
      keys.load(in, PASSWORD.toCharArray());
    }
    keys.deleteEntry("authority");
    return keys;
  }

  private void generate(String alias, String... more) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-genkeypair", "-alias", alias, "-keyalg", "EC"));
    command.addAll(List.of("-keystore", folder.resolve("keys.p12").toString()));
    command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
    command.addAll(List.of(more));
    Process keytool =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(keytool.exitValue()).isZero();
  }

  /// The model behind TLS.
  private int secured(KeyStore keys) throws Exception {
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    ServerSocket listener =
        context
            .getServerSocketFactory()
            .createServerSocket(0, 10, InetAddress.getLoopbackAddress());
    serve(listener, client -> join(client, model.port()));
    return listener.getLocalPort();
  }

  /// @param answer to each wish for a tunnel
  private int proxy(String answer) throws IOException {
    ServerSocket listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    serve(
        listener,
        client -> {
          StringBuilder head = new StringBuilder();
          while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) client.getInputStream().read());
          }
          tunnels.add(head.toString());
          client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
          if (answer.contains(" 200 ")) {
            String target = head.substring("CONNECT ".length(), head.indexOf(" HTTP/1.1"));
            join(client, URI.create("http://" + target).getPort());
          }
        });
    return listener.getLocalPort();
  }

  private interface Handler {
    void serve(Socket client) throws IOException;
  }

  private void serve(ServerSocket listener, Handler handler) {
    open.add(listener);
    Thread.ofVirtual()
        .start(() -> {
          while (!listener.isClosed()) {
            try {
              Socket client = listener.accept();
              Thread.ofVirtual()
                  .start(() -> {
                    try (client) {
                      handler.serve(client);
                    } catch (IOException e) {
                      // The client has gone, or did not like the certificate.
                    }
                  });
            } catch (IOException e) {
              return;
            }
          }
        });
  }

  private static void join(Socket client, int port) throws IOException {
    try (Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
      Thread back =
          Thread.ofVirtual()
              .start(() -> {
                try (client) {
                  server.getInputStream().transferTo(client.getOutputStream());
                } catch (IOException e) {
                  // One of the two has gone.
                }
              });
      client.getInputStream().transferTo(server.getOutputStream());
      server.shutdownOutput();
      back.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Optional<String> pem(KeyStore keys) throws Exception {
    String base64 =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
            .encodeToString(keys.getCertificateChain("server")[1].getEncoded());
    return Optional.of("-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n");
  }

  @Test
  void anAuthorityOfOnesOwnIsTrustedForItsProviderOnly() throws Exception {
    KeyStore keys = keys();
    int port = secured(keys);
    Network own = new Network(Optional.empty(), pem(keys));
    assertThat(ask(provider("https://localhost:" + port, own)).parts())
        .containsExactly(Part.Text.of("ok"));
    assertThat(failure(provider("https://localhost:" + port, Network.NONE)))
        .hasMessageContaining("no authority that is trusted here")
        .hasMessageContaining("ca_certificates")
        .returns(Kind.NETWORK, ProviderException::kind);
  }

  @Test
  void aCertificateOfAnotherNameIsRefused() throws Exception {
    KeyStore keys = keys();
    int port = secured(keys);
    Network own = new Network(Optional.empty(), pem(keys));
    assertThat(failure(provider("https://127.0.0.1:" + port, own)))
        .hasMessageContaining("TLS handshake")
        .hasMessageContaining("for another name");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-9d", "+9d"})
  void aCertificateThatIsNotValidTodayIsSaidToBe(String start) throws Exception {
    KeyStore keys = keys(start);
    int port = secured(keys);
    Network own = new Network(Optional.empty(), pem(keys));
    assertThat(failure(provider("https://localhost:" + port, own)))
        .hasMessageContaining("its certificate is not valid today")
        .hasMessageContaining("clock")
        .returns(Kind.NETWORK, ProviderException::kind);
  }

  @Test
  void aServerWithoutTlsIsToldFromOneThatIsNotTrusted() {
    assertThat(failure(provider("https://127.0.0.1:" + model.port(), Network.NONE)))
        .hasMessageContaining("no TLS is spoken there")
        .returns(Kind.NETWORK, ProviderException::kind);
  }

  @Test
  void requestsGoThroughTheProxyOfTheirProvider() throws Exception {
    KeyStore keys = keys();
    int port = secured(keys);
    int proxy = proxy("HTTP/1.1 200 OK\r\n\r\n");
    Network network =
        new Network(Optional.of(new Secret("http://ann:s3cret@127.0.0.1:" + proxy)), pem(keys));
    assertThat(ask(provider("https://localhost:" + port, network)).parts())
        .containsExactly(Part.Text.of("ok"));
    assertThat(tunnels)
        .singleElement()
        .asString()
        .startsWith("CONNECT localhost:" + port + " HTTP/1.1")
        .contains(
            "Proxy-Authorization: Basic "
                + Base64.getEncoder()
                    .encodeToString("ann:s3cret".getBytes(StandardCharsets.US_ASCII)));
    assertThat(network.toString()).doesNotContain("s3cret");
  }

  @Test
  void aProxyThatRefusesOrIsNoneIsNamedInANetworkFailure() throws Exception {
    int proxy = proxy("HTTP/1.1 403 Forbidden\r\n\r\n");
    assertThat(failure(provider(model.anthropicUrl(), through("ann:s3cret@127.0.0.1:" + proxy))))
        .hasMessageContaining("its proxy 127.0.0.1:" + proxy + " refused the tunnel (status 403)")
        .hasMessageNotContaining("s3cret")
        .returns(Kind.NETWORK, ProviderException::kind);
    assertThat(tunnels).hasSize(1);
    assertThat(failure(provider(model.anthropicUrl(), through("127.0.0.1:1"))))
        .hasMessageContaining("its proxy 127.0.0.1:1 cannot be connected to")
        .returns(Kind.NETWORK, ProviderException::kind);
  }

  private static Network through(String proxy) {
    return new Network(Optional.of(new Secret("http://" + proxy)), Optional.empty());
  }

  @Test
  void aProxyDoesNotLeadToAMetadataService() throws Exception {
    int proxy = proxy("HTTP/1.1 200 OK\r\n\r\n");
    assertThat(failure(provider("http://169.254.169.254", through("127.0.0.1:" + proxy))).kind())
        .isEqualTo(Kind.INVALID_REQUEST);
    assertThat(tunnels).isEmpty();
  }

  @Test
  void settingsThatMakeNoSenseAreRefusedWithoutRepeatingThem() {
    Network proxy = new Network(Optional.of(new Secret("socks://u:pw@host")), Optional.empty());
    assertThatThrownBy(() -> provider("http://127.0.0.1:1", proxy))
        .hasMessageContaining("proxy")
        .message()
        .doesNotContain("pw");
    Network authority = new Network(Optional.empty(), Optional.of("no certificate"));
    assertThatThrownBy(() -> provider("http://127.0.0.1:1", authority))
        .hasMessageContaining("CA certificates");
  }
}
