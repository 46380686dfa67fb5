package dev.warren.server.http;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.Configuration;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.eclipse.jetty.websocket.core.server.WebSocketMappings;
import org.eclipse.jetty.websocket.core.server.WebSocketNegotiator;

/// Turns requests into WebSockets.
final class Upgrades {
  /// The subprotocol that we choose when a browser offers it beside its secret.
  private static final String SUBPROTOCOL = "warren";

  private final WebSocketMappings mappings;

  Upgrades(WebSocketComponents components) {
    mappings = new WebSocketMappings(components);
  }

  static boolean isAsked(Request request) {
    String upgrade = request.getHeaders().get(HttpHeader.UPGRADE);
    return upgrade != null && upgrade.toLowerCase(Locale.ROOT).contains("websocket");
  }

  static List<String> subprotocols(Request request) {
    HttpFields headers = request.getHeaders();
    return headers.getCSV(HttpHeader.SEC_WEBSOCKET_SUBPROTOCOL, false);
  }

  /// Answers the handshake; the callback is completed by it. The socket opens only when the
  /// request's handler has returned, so what talks over it runs on another thread.
  ///
  /// @return absent when the request is no WebSocket handshake; nothing was answered then
  Optional<JettySocket> accept(
      Request request, Response response, Callback callback, boolean discards) {
    JettySocket socket = new JettySocket(discards);
    WebSocketNegotiator negotiator =
        (asked, answer, done) -> {
          answer.setExtensions(List.of());
          if (asked.hasSubProtocol(SUBPROTOCOL)) {
            answer.setAcceptedSubProtocol(SUBPROTOCOL);
          }
          return socket;
        };
    return mappings.upgrade(negotiator, request, response, callback, customizer())
        ? Optional.of(socket)
        : Optional.empty();
  }

  private static Configuration.Customizer customizer() {
    return configuration -> {
      configuration.setIdleTimeout(JettySocket.IDLE_MAX);
      configuration.setMaxFrameSize(JettySocket.MESSAGE_BYTES_MAX);
      configuration.setAutoFragment(false);
    };
  }
}
