package dev.warren.e2e.kit;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A real nginx in front of a control plane, with the `location` of `docs/tunnel.md`: under a
/// prefix, over plain HTTP on one port and over TLS with a certificate of its own on another.
public final class NginxProxy implements AutoCloseable {
  private static final Path DOCUMENT = Path.of("..", "docs", "tunnel.md");
  private static final String STORE_WORD = "only-for-this-test";
  private static final long COMMAND_S_MAX = 60;

  private final Path folder;
  private final Path store;
  private final int plainPort = FreePort.find();
  private final int securePort = FreePort.find();
  private Optional<Process> process = Optional.empty();

  /// @param folder the test's own
  public NginxProxy(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.store = folder.resolve("store.p12");
  }

  /// Where nginx is, if it is installed.
  public static Optional<Path> program() {
    return Stream.of("/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx")
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst();
  }

  public String plainUrl() {
    return "http://127.0.0.1:" + plainPort + "/warren";
  }

  public String secureUrl() {
    return "https://localhost:" + securePort + "/warren";
  }

  /// A client that trusts nginx's certificate and no other.
  public HttpClient client() throws IOException, GeneralSecurityException {
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(load());
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, trust.getTrustManagers(), null);
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(tls).build();
  }

  /// The file that makes a client trust it.
  public Path authority() {
    return folder.resolve("certificate.pem");
  }

  /// Starts it in front of this control plane.
  public void start(URI upstream) throws Exception {
    certificate();
    Path config = Files.writeString(folder.resolve("nginx.conf"), config(upstream));
    Process started =
        new ProcessBuilder(
                program().orElseThrow().toString(),
                "-p",
                folder.toString(),
                "-c",
                config.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("nginx.log").toFile())
            .start();
    process = Optional.of(started);
    Eventually.holds(
        "nginx listens",
        Duration.ofSeconds(20),
        () -> {
          if (!started.isAlive()) {
            throw new AssertionError("nginx ended: " + read(folder.resolve("nginx.log")));
          }
          return listens();
        });
  }

  @Override
  public void close() {
    process.ifPresent(running -> {
      running.destroy();
      running.onExit().orTimeout(COMMAND_S_MAX, TimeUnit.SECONDS).join();
    });
  }

  /// The documented location, word for word but for the control plane's port.
  private static String location(URI upstream) throws IOException {
    String text = Files.readString(DOCUMENT);
    int begin = text.indexOf("location /warren/ {");
    String location = text.substring(begin, text.indexOf("```", begin));
    String ours = "http://127.0.0.1:7080/;";
    if (!location.contains(ours)) {
      throw new AssertionError("the location in " + DOCUMENT + " does not pass on to " + ours);
    }
    return location.replace(ours, upstream + "/;");
  }

  private String config(URI upstream) throws IOException {
    return """
    daemon off;
    worker_processes 1;
    pid %1$s/nginx.pid;
    error_log %1$s/error.log;
    events { worker_connections 256; }
    http {
      access_log off;
      client_body_temp_path %1$s/body;
      proxy_temp_path %1$s/proxy;
      fastcgi_temp_path %1$s/fastcgi;
      uwsgi_temp_path %1$s/uwsgi;
      scgi_temp_path %1$s/scgi;
      server {
        listen 127.0.0.1:%2$d;
        listen 127.0.0.1:%3$d ssl;
        ssl_certificate %1$s/certificate.pem;
        ssl_certificate_key %1$s/key.pem;
        %4$s
      }
    }
    """
        .formatted(folder, plainPort, securePort, location(upstream));
  }

  private void certificate() throws Exception {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "nginx",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                STORE_WORD)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.log").toFile())
            .start();
    if (!keytool.waitFor(COMMAND_S_MAX, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
      throw new AssertionError("no certificate: " + read(folder.resolve("keytool.log")));
    }
    KeyStore made = load();
    pem("certificate.pem", "CERTIFICATE", made.getCertificate("nginx").getEncoded());
    pem("key.pem", "PRIVATE KEY", made.getKey("nginx", STORE_WORD.toCharArray()).getEncoded());
  }

  private KeyStore load() throws IOException, GeneralSecurityException {
    KeyStore loaded = KeyStore.getInstance("PKCS12");
    loaded.load(new ByteArrayInputStream(Files.readAllBytes(store)), STORE_WORD.toCharArray());
    return loaded;
  }

  private void pem(String file, String kind, byte[] bytes) throws IOException {
    String dashes = "-----";
    String body = Base64.getMimeEncoder().encodeToString(bytes);
    Files.writeString(
        folder.resolve(file),
        String.join(
            "\n",
            List.of(dashes + "BEGIN " + kind + dashes, body, dashes + "END " + kind + dashes, "")));
  }

  private boolean listens() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), securePort)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "(nothing: " + e + ")";
    }
  }
}
