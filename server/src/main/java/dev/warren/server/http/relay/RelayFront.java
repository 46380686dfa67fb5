package dev.warren.server.http.relay;

import dev.warren.server.http.Front;
import dev.warren.tunnel.relay.Relay;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.Behavior;
import org.eclipse.jetty.websocket.core.ExtensionStack;
import org.eclipse.jetty.websocket.core.Negotiated;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.eclipse.jetty.websocket.core.WebSocketConstants;
import org.eclipse.jetty.websocket.core.WebSocketCoreSession;
import org.eclipse.jetty.websocket.core.util.WebSocketUtils;
import org.jspecify.annotations.Nullable;

/// Takes the WebSocket upgrades of one path for the relay and leaves all else to the handler behind
/// it. The upgrade is made by hand, from the parts that Jetty's own upgrade handler is made of,
/// since that offers neither our connection class nor its buffer sizes.
public final class RelayFront extends Handler.Wrapper {
  /// Longest frame that is read; the relay's messages are shorter.
  static final int FRAME_BYTES_MAX = 256 * 1024;

  /// Write buffer of a connection, and read buffer while large frames come; held only while bytes
  /// are on their way. Jetty's pool ends here; a message under a quarter of it is copied into the
  /// write buffer, longer ones are gathered.
  static final int BUFFER_BYTES = 64 * 1024;

  /// The relay pings more often; this is for a relay that does not.
  static final Duration IDLE_MAX = Duration.ofSeconds(60);

  private final Relay relay;
  private final String path;
  private volatile @Nullable WebSocketComponents components;

  /// @param path where nodes attach, such as `/relay`
  public RelayFront(Handler next, Relay relay, String path) {
    super(next);
    this.relay = relay;
    this.path = path;
  }

  /// Puts the relay before the routes of a server.
  public static Front at(String path, Relay relay) {
    return routes -> new RelayFront(routes, relay, path);
  }

  /// Nothing of a WebSocket runs elsewhere than on the server's own threads; Jetty would start a
  /// pool.
  @Override
  protected void doStart() throws Exception {
    WebSocketComponents started =
        new WebSocketComponents(
            null, null, getServer().getByteBufferPool(), null, null, getServer().getThreadPool());
    addBean(started);
    components = started;
    super.doStart();
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    if (!path.equals(Request.getPathInContext(request))) {
      return super.handle(request, response, callback);
    }
    String key = request.getHeaders().get(HttpHeader.SEC_WEBSOCKET_KEY);
    if (key == null || !isUpgrade(request)) {
      response.getHeaders().put(HttpHeader.UPGRADE, "websocket");
      refuse(request, response, callback, HttpStatus.UPGRADE_REQUIRED_426, "attach by WebSocket");
      return true;
    }
    if (request.getHeaders().contains(HttpHeader.ORIGIN)) {
      refuse(request, response, callback, HttpStatus.FORBIDDEN_403, "nodes attach, pages do not");
      return true;
    }
    upgrade(request, response, callback, key);
    return true;
  }

  private static boolean isUpgrade(Request request) {
    return HttpMethod.GET.is(request.getMethod())
        && HttpVersion.HTTP_1_1.is(request.getConnectionMetaData().getProtocol())
        && request.getHeaders().contains(HttpHeader.UPGRADE, "websocket")
        && request.getHeaders().contains(HttpHeader.CONNECTION, "upgrade")
        && WebSocketConstants.SPEC_VERSION_STRING.equals(
            request.getHeaders().get(HttpHeader.SEC_WEBSOCKET_VERSION));
  }

  private static void refuse(
      Request request, Response response, Callback callback, int status, String why) {
    Response.writeError(request, response, callback, status, why);
  }

  private void upgrade(Request request, Response response, Callback callback, String key) {
    ConnectionMetaData metaData = request.getConnectionMetaData();
    Connector connector = metaData.getConnector();
    WebSocketComponents parts = Objects.requireNonNull(components, "handles before it starts");
    // Whatever the client offers: no extension. Compressing ciphertext only costs.
    ExtensionStack extensions = new ExtensionStack(parts, Behavior.SERVER);
    extensions.negotiate(List.of(), List.of());
    Negotiated negotiated =
        new Negotiated(
            request.getHttpURI().toURI(),
            null,
            request.isSecure(),
            extensions,
            WebSocketConstants.SPEC_VERSION_STRING);
    RelayFrames frames =
        new RelayFrames(relay, connector.getScheduler(), Request.getRemoteAddr(request));
    WebSocketCoreSession session =
        new WebSocketCoreSession(frames, Behavior.SERVER, negotiated, parts) {
          @Override
          protected void handle(Runnable runnable) {
            // No request context to enter for each frame.
            runnable.run();
          }
        };
    session.setAutoFragment(false);
    session.setMaxFrameSize(FRAME_BYTES_MAX);
    session.setOutputBufferSize(BUFFER_BYTES);
    session.setIdleTimeout(IDLE_MAX);

    EndPoint endPoint = metaData.getConnection().getEndPoint();
    RelayConnection connection = new RelayConnection(endPoint, connector, session, frames);
    session.setWebSocketConnection(connection);
    connection.setUseInputDirectByteBuffers(true);
    connection.setUseOutputDirectByteBuffers(true);
    connector.getEventListeners().forEach(connection::addEventListener);

    response.setStatus(HttpStatus.SWITCHING_PROTOCOLS_101);
    response.getHeaders().put(HttpHeader.UPGRADE, "websocket");
    response.getHeaders().put(HttpHeader.CONNECTION, "Upgrade");
    response.getHeaders().put(HttpHeader.SEC_WEBSOCKET_ACCEPT, WebSocketUtils.hashKey(key));
    request.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, connection);
    response.write(true, null, callback);
  }
}
