package dev.warren.llm.http;

import dev.warren.llm.ProviderException;
import dev.warren.llm.ProviderSettings;
import dev.warren.llm.Secret;
import dev.warren.llm.http.ConnectFailure.ProxyException;
import dev.warren.llm.wire.Endpoint;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// Opens sockets to one provider: directly or through a proxy, with TLS where its URL says so.
/// Thread-safe.
final class Dialer {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(15);

  /// The most bytes of a proxy's answer.
  private static final int PROXY_ANSWER_BYTES_MAX = 8 * 1024;

  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3})");

  private final Endpoint endpoint;
  private final Optional<URI> proxy;
  private final SSLSocketFactory tls;
  private final boolean secure;
  private final String host;
  private final int port;

  /// @throws ProviderException when the proxy is no URL or the certificates are none
  Dialer(Endpoint endpoint, ProviderSettings.Network network) {
    this.endpoint = endpoint;
    this.proxy = network.proxy().map(Dialer::proxy);
    this.tls = network.caCertificates().map(Dialer::trusting).orElseGet(Dialer::usual);
    URI base = endpoint.base();
    this.secure = base.getScheme().equalsIgnoreCase("https");
    // Without the brackets of an IPv6 address.
    this.host = base.getHost().replaceAll("[\\[\\]]", "");
    this.port = base.getPort() > 0 ? base.getPort() : secure ? 443 : 80;
  }

  private static URI proxy(Secret setting) {
    try {
      URI uri = URI.create(setting.reveal());
      if ("http".equals(uri.getScheme()) && uri.getHost() != null && uri.getPort() > 0) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // Said below, without the password that it may hold.
    }
    throw ProviderException.settings("The provider's proxy is not of the form http://host:port.");
  }

  private static SSLSocketFactory usual() {
    return (SSLSocketFactory) SSLSocketFactory.getDefault();
  }

  /// Trusts these authorities and all that the JVM trusts.
  private static SSLSocketFactory trusting(String pem) {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int count = 0;
      for (X509Certificate known : authorities(null)) {
        store.setCertificateEntry("known" + count++, known);
      }
      byte[] bytes = pem.getBytes(StandardCharsets.US_ASCII);
      for (Certificate own :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(bytes))) {
        store.setCertificateEntry("own" + count++, own);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException | IOException e) {
      throw ProviderException.settings(
          "The provider's CA certificates are not PEM of X.509 certificates.");
    }
  }

  private static List<X509Certificate> authorities(@Nullable KeyStore store)
      throws GeneralSecurityException {
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    return trust.getTrustManagers()[0] instanceof X509TrustManager manager
        ? List.of(manager.getAcceptedIssuers())
        : List.of();
  }

  /// Without a proxy the address that is checked is the one that is dialed, whatever its name says
  /// a moment later.
  Socket dial() throws IOException {
    Socket socket = proxy.isPresent() ? through(proxy.get()) : likeTheJvm();
    try {
      socket.setTcpNoDelay(true);
      return secure ? secured(socket) : socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private Socket likeTheJvm() throws IOException {
    Proxy jvms = jvmsProxy(endpoint.base());
    if (jvms.type() == Proxy.Type.DIRECT) {
      return direct();
    }
    try {
      return connected(new Socket(jvms), InetSocketAddress.createUnresolved(host, port));
    } catch (IOException e) {
      throw new ProxyException("the JVM's proxy " + jvms.address() + " let nothing through", e);
    }
  }

  private static Proxy jvmsProxy(URI base) {
    List<Proxy> proxies =
        Optional.ofNullable(ProxySelector.getDefault()).map(s -> s.select(base)).orElse(List.of());
    return proxies.isEmpty() ? Proxy.NO_PROXY : proxies.getFirst();
  }

  private Socket direct() throws IOException {
    IOException last = new IOException("the name has no address");
    for (InetAddress address : endpoint.addresses()) {
      try {
        return connected(new Socket(), new InetSocketAddress(address, port));
      } catch (IOException e) {
        last = e;
      }
    }
    throw last;
  }

  /// A tunnel (RFC 9110, section 9.3.6). The proxy resolves the name, perhaps one that is unknown
  /// here; one that is known must not be a metadata service's.
  private Socket through(URI address) throws IOException {
    try {
      endpoint.addresses();
    } catch (UnknownHostException e) {
      // The proxy's matter.
    }
    String shown = "its proxy " + address.getHost() + ":" + address.getPort();
    Socket socket = toProxy(address, shown);
    try {
      String target = (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
      StringBuilder ask = new StringBuilder("CONNECT " + target + " HTTP/1.1\r\n");
      ask.append("Host: ").append(target).append("\r\n");
      if (address.getUserInfo() != null) {
        byte[] user = address.getUserInfo().getBytes(StandardCharsets.UTF_8);
        String basic = Base64.getEncoder().encodeToString(user);
        ask.append("Proxy-Authorization: Basic ").append(basic).append("\r\n");
      }
      ask.append("\r\n");
      socket.setSoTimeout(Math.toIntExact(CONNECT_TIMEOUT.toMillis()));
      socket.getOutputStream().write(ask.toString().getBytes(StandardCharsets.US_ASCII));
      String answer = head(socket.getInputStream());
      if (!answer.matches("(?s)HTTP/1\\.[01] 2\\d\\d.*")) {
        throw new ProxyException(shown + " refused the tunnel" + status(answer));
      }
      socket.setSoTimeout(0);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static Socket toProxy(URI address, String shown) throws ProxyException {
    try {
      return connected(new Socket(), new InetSocketAddress(address.getHost(), address.getPort()));
    } catch (IOException e) {
      throw new ProxyException(shown + " cannot be connected to", e);
    }
  }

  private static String status(String answer) {
    Matcher status = STATUS.matcher(answer);
    return status.lookingAt() ? " (status " + status.group(1) + ")" : "; it does not speak HTTP";
  }

  /// Byte by byte, since what follows it is no longer the proxy's.
  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n", Math.max(0, head.length() - 4)) < 0) {
      int b = in.read();
      if (b < 0 || head.length() > PROXY_ANSWER_BYTES_MAX) {
        throw new IOException("the proxy did not answer as HTTP");
      }
      head.append((char) b);
    }
    return head.toString();
  }

  private static Socket connected(Socket socket, InetSocketAddress address) throws IOException {
    try {
      socket.connect(address, Math.toIntExact(CONNECT_TIMEOUT.toMillis()));
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private Socket secured(Socket plain) throws IOException {
    SSLSocket socket = (SSLSocket) tls.createSocket(plain, host, port, true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.setSoTimeout(Math.toIntExact(CONNECT_TIMEOUT.toMillis()));
    socket.startHandshake();
    socket.setSoTimeout(0);
    return socket;
  }
}
