package dev.warren.llm.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/// Why no connection to a provider came about, and what would help. What the exceptions themselves
/// say is meant for programmers, and differs from release to release.
final class ConnectFailure {
  private static final int CAUSES_MAX = 20;

  private ConnectFailure() {}

  /// A proxy that did not let a connection through. Its message names the proxy, without a user.
  static final class ProxyException extends IOException {
    private static final long serialVersionUID = 1L;

    ProxyException(String message) {
      super(message);
    }

    ProxyException(String message, IOException cause) {
      super(message, cause);
    }
  }

  /// What follows "The provider at …".
  static String words(IOException e) {
    return switch (e) {
      case ProxyException proxy -> "cannot be reached: " + proxy.getMessage();
      case UnknownHostException _ ->
          "cannot be found: its name is unknown; check the base URL, and this machine's network";
      case SocketTimeoutException _ ->
          "did not accept a connection in time; check the base URL, and firewalls in between";
      case ConnectException _, NoRouteToHostException _ ->
          "cannot be connected to; check the base URL, and that it runs";
      case SSLException tls -> "failed in the TLS handshake" + tls(tls);
      default -> "could not be connected to; check the base URL";
    };
  }

  private static String tls(SSLException e) {
    List<Throwable> causes =
        Stream.iterate((Throwable) e, Objects::nonNull, Throwable::getCause)
            .limit(CAUSES_MAX)
            .toList();
    if (any(causes, CertificateExpiredException.class, CertificateNotYetValidException.class)) {
      return ": its certificate is not valid today; renew it, or set this machine's clock";
    }
    if (any(causes, CertPathBuilderException.class, CertPathValidatorException.class)) {
      return ": its certificate is of no authority that is trusted here; give that authority's in"
          + " the option ca_certificates";
    }
    if (any(causes, CertificateException.class)) {
      return ": its certificate is for another name; check the base URL's host";
    }
    return ": no TLS is spoken there; check the base URL's scheme and port";
  }

  private static boolean any(List<Throwable> causes, Class<?>... kinds) {
    return causes.stream().anyMatch(cause -> Stream.of(kinds).anyMatch(k -> k.isInstance(cause)));
  }
}
