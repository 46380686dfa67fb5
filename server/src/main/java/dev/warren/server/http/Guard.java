package dev.warren.server.http;

import dev.warren.server.access.Caller;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/// Decides whether a request may go on: its host is ours, its origin is ours, its caller is proved.
///
/// Pages of workspaces on other ports of this host are hostile and get our cookie too, so the
/// cookie alone authorises nothing: the request also carries the session's secret, in the header
/// [#CSRF_HEADER] or, for a WebSocket of a browser, as the subprotocol `csrf.SECRET`.
final class Guard {
  static final String COOKIE = "warren_session";
  static final String CSRF_HEADER = "X-Warren-CSRF";
  static final String CSRF_SUBPROTOCOL = "csrf.";

  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private final HttpSettings settings;
  private final Authenticator authenticator;

  Guard(HttpSettings settings, Authenticator authenticator) {
    this.settings = settings;
    this.authenticator = authenticator;
  }

  /// Refuses a name that is not ours: a page that rebinds its own name to our address sends it.
  void checkHost(Request request) {
    String host = Request.getServerName(request);
    if (host == null || !knows(request, host.toLowerCase(Locale.ROOT))) {
      throw Problems.misdirected(
          "this server does not answer for the host "
              + host
              + "; WARREN_ACCESS_URL says for which it does");
    }
  }

  private boolean knows(Request request, String host) {
    if (LOOPBACK.contains(host)
        || host.equals(settings.accessUrl().getHost())
        || settings.otherHosts().contains(host)) {
      return true;
    }
    return request.getConnectionMetaData().getLocalSocketAddress()
            instanceof InetSocketAddress local
        && host.replaceAll("[\\[\\]]", "").equals(local.getAddress().getHostAddress());
  }

  /// Refuses what a page of another origin sends.
  void checkOrigin(Request request) {
    String origin = request.getHeaders().get(HttpHeader.ORIGIN);
    if (origin == null) {
      return;
    }
    if (!isOurs(request, origin)) {
      throw Problems.forbidden("requests from pages of " + origin + " are refused");
    }
  }

  private boolean isOurs(Request request, String origin) {
    if (origin.equalsIgnoreCase(originOf(settings.accessUrl()))) {
      return true;
    }
    // The page that was loaded under the name which this request asks for.
    String host = request.getHeaders().get(HttpHeader.HOST);
    return host != null
        && (origin.equalsIgnoreCase("http://" + host)
            || origin.equalsIgnoreCase("https://" + host));
  }

  private static String originOf(URI url) {
    return url.getScheme() + "://" + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort());
  }

  /// The caller, who may call this route.
  ///
  /// @param subprotocols of a WebSocket's handshake
  Optional<Caller> admit(Request request, Route route, List<String> subprotocols) {
    if (route.access() == Access.OPEN) {
      return Optional.empty();
    }
    Caller caller = prove(request, subprotocols);
    if (!route.access().admits(caller)) {
      throw Problems.forbidden(
          "the role " + caller.role() + " may not " + route.method() + " " + route.path());
    }
    if (!route.admits(caller.scope())) {
      throw Problems.forbidden(
          "a token of scope " + caller.scope() + " may not " + route.method() + " " + route.path());
    }
    return Optional.of(caller);
  }

  private Caller prove(Request request, List<String> subprotocols) {
    String authorization = request.getHeaders().get(HttpHeader.AUTHORIZATION);
    if (authorization != null) {
      if (!authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
        throw Problems.unauthorized("the Authorization header is not of the form Bearer TOKEN");
      }
      return authenticator
          .byToken(authorization.substring(7).strip())
          .orElseThrow(() -> Problems.unauthorized("the token is unknown, expired or revoked"));
    }
    Optional<String> cookie = cookie(request);
    if (cookie.isEmpty()) {
      throw Problems.unauthorized("sign in, or send Authorization: Bearer TOKEN");
    }
    return switch (authenticator.bySession(cookie.get(), csrf(request, subprotocols))) {
      case Authenticator.Session.Proved(Caller caller) -> caller;
      case Authenticator.Session.Unknown() ->
          throw Problems.unauthorized("the session has ended; sign in again");
      case Authenticator.Session.Forged() ->
          throw Problems.forbidden(
              "the header " + CSRF_HEADER + " is missing or is not this session's");
    };
  }

  static Optional<String> cookie(Request request) {
    for (HttpCookie cookie : Request.getCookies(request)) {
      if (cookie.getName().equals(COOKIE)) {
        return Optional.of(cookie.getValue());
      }
    }
    return Optional.empty();
  }

  private static Optional<String> csrf(Request request, List<String> subprotocols) {
    String header = request.getHeaders().get(CSRF_HEADER);
    if (header != null) {
      return Optional.of(header);
    }
    return subprotocols.stream()
        .filter(name -> name.startsWith(CSRF_SUBPROTOCOL))
        .map(name -> name.substring(CSRF_SUBPROTOCOL.length()))
        .findFirst();
  }
}
