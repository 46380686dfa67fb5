package dev.warren.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Against a server whose certificate nobody else knows.
final class CertificateFileTest {
  private static final String STORE_WORD = "changeit";
  private static final int WAIT_MS = 20_000;

  @TempDir private Path folder;

  @Test
  void aServerWithACertificateOfTheFileIsTrusted() throws Exception {
    KeyStore own = ownCertificate();
    Path file = pem(own, "Our authority\n\n%s");

    assertThat(greeting(own, CertificateFile.context(file))).isEqualTo('w');
  }

  @Test
  void withoutTheFileTheServerIsRefused() throws Exception {
    KeyStore own = ownCertificate();

    assertThatThrownBy(() -> greeting(own, SSLContext.getDefault()))
        .isInstanceOf(SSLHandshakeException.class);
  }

  @Test
  void whatJavaTrustsStaysTrusted() throws Exception {
    KeyStore own = ownCertificate();
    Path file = pem(own, "%s");

    assertThat(CertificateFile.trusted(file))
        .contains(own.getCertificate("server"))
        .containsAll(CertificateFile.knownToJava())
        .hasSizeGreaterThan(2);
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    Path missing = folder.resolve("none.pem");

    assertThatThrownBy(
            () -> CertificateFile.trustNamedIn(Map.of("WARREN_CA_FILE", missing.toString())))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("WARREN_CA_FILE: cannot read the file " + missing);
  }

  @Test
  void aFileWithoutACertificateIsRefused() throws Exception {
    Path empty = Files.createFile(folder.resolve("empty.pem"));
    Path other = Files.writeString(folder.resolve("other.pem"), "-----BEGIN X-----\nAAAA\n");

    for (Path file : List.of(empty, other)) {
      assertThatThrownBy(() -> CertificateFile.context(file))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(file.toString())
          .hasMessageContaining("something else than PEM certificates");
    }
  }

  @Test
  void withoutTheVariableNothingChanges() throws Exception {
    SSLContext before = SSLContext.getDefault();

    CertificateFile.trustNamedIn(Map.of("WARREN_CA_FILE", " "));

    assertThat(SSLContext.getDefault()).isSameAs(before);
  }

  /// The byte that a server with this certificate says to a client with that trust.
  private static int greeting(KeyStore keys, SSLContext client) throws Exception {
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, STORE_WORD.toCharArray());
    SSLContext server = SSLContext.getInstance("TLS");
    server.init(managers.getKeyManagers(), null, null);
    try (SSLServerSocket listener =
        (SSLServerSocket)
            server
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      listener.setSoTimeout(WAIT_MS);
      Thread greets =
          Thread.ofVirtual()
              .start(() -> {
                try (var accepted = listener.accept()) {
                  accepted.getOutputStream().write('w');
                } catch (IOException refused) {
                  // The client does not like the certificate: its side of the test says so.
                }
              });
      try (SSLSocket socket =
          (SSLSocket)
              client.getSocketFactory().createSocket("localhost", listener.getLocalPort())) {
        socket.setSoTimeout(WAIT_MS);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        return socket.getInputStream().read();
      } finally {
        greets.join();
      }
    }
  }

  private Path pem(KeyStore keys, String around) throws Exception {
    String text =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
            .encodeToString(keys.getCertificate("server").getEncoded());
    return Files.writeString(
        folder.resolve("ca.pem"),
        around.formatted("-----BEGIN CERTIFICATE-----\n" + text + "\n-----END CERTIFICATE-----\n"));
  }

  private KeyStore ownCertificate() throws Exception {
    Path file = folder.resolve("server.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                STORE_WORD)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool").toFile())
            .start();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, STORE_WORD.toCharArray());
    }
    return keys;
  }
}
