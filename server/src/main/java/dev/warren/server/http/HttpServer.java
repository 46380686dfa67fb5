package dev.warren.server.http;

import dev.warren.server.access.CredentialId;
import dev.warren.server.db.Database;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.core.server.WebSocketServerComponents;

/// The control plane's one port. Each request runs on a virtual thread; the few platform threads
/// only watch sockets.
public final class HttpServer implements AutoCloseable {
  /// Threads that watch sockets and accept connections, not those that run requests.
  private static final int PLATFORM_THREADS_MAX = 16;

  /// A connection on which nothing moves for so long is closed; streams ping more often.
  private static final Duration IDLE_MAX = Duration.ofSeconds(40);

  /// Of the API, as its description says.
  private static final String VERSION = "1";

  private static final int HEADER_BYTES_MAX = 16 * 1024;

  /// Connections that wait to be accepted.
  private static final int ACCEPT_QUEUE = 1024;

  /// Free buffers that are kept, on the heap and beside it. A thousand WebSockets that say
  /// something at once take a thousand of 64 KiB, and would never give them back.
  private static final long POOLED_BYTES_MAX = 16L * 1024 * 1024;

  /// How long a stop waits for streams to end, and then for requests.
  private static final Duration STREAMS_END_MAX = Duration.ofSeconds(2);

  private static final Duration REQUESTS_END_MAX = Duration.ofSeconds(2);

  private final HttpSettings settings;
  private final Server server;
  private final ServerConnector connector;
  private final LiveStreams live;
  private final HttpMetrics metrics;
  private final Optional<Idempotency> idempotency;

  /// @param database keeps idempotency keys; without one they are ignored
  /// @param fronts stand before the routes, the first one outermost
  public HttpServer(
      HttpSettings settings,
      Collection<Route> routes,
      Authenticator authenticator,
      Optional<Database> database,
      List<Front> fronts,
      MeterRegistry registry) {
    this.settings = settings;
    QueuedThreadPool threads = new QueuedThreadPool(PLATFORM_THREADS_MAX, 2);
    threads.setName("http");
    threads.setVirtualThreadsExecutor(
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("http-", 0).factory()));
    this.server =
        new Server(
            threads,
            null,
            new ArrayByteBufferPool(-1, -1, -1, -1, POOLED_BYTES_MAX, POOLED_BYTES_MAX));
    this.connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(configuration()));
    connector.setHost(settings.address().getHostString());
    connector.setPort(settings.address().getPort());
    connector.setIdleTimeout(IDLE_MAX.toMillis());
    connector.setAcceptQueueSize(ACCEPT_QUEUE);
    server.addConnector(connector);
    this.live = new LiveStreams(authenticator);
    this.metrics = new HttpMetrics(registry);
    this.idempotency = database.map(found -> new Idempotency(found, Clock.systemUTC()));
    registry.gauge("warren.http.streams.open", live, LiveStreams::count);
    Upgrades upgrades = new Upgrades(WebSocketServerComponents.ensureWebSocketComponents(server));
    Handler handler =
        new Dispatcher(
            new RouteTable(withDescription(routes)),
            new Guard(settings, authenticator),
            idempotency,
            new Streams(live, upgrades),
            new StaticPage(settings.secure()),
            metrics);
    for (Front front : fronts.reversed()) {
      handler = front.before(handler);
    }
    server.setHandler(handler);
    server.setErrorHandler(new ProtocolErrors());
  }

  /// The routes, and the one that describes them.
  private static List<Route> withDescription(Collection<Route> routes) {
    List<Route> all = new ArrayList<>(routes);
    // Made when it is asked for: few do, and a start should not wait for it.
    all.add(
        Route.get(
                Route.API + "/openapi.json",
                Access.OPEN,
                request -> Response.bytes("application/json", OpenApi.describe(all, VERSION)))
            .summary("Describes this API"));
    return List.copyOf(all);
  }

  private static HttpConfiguration configuration() {
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    configuration.setRequestHeaderSize(HEADER_BYTES_MAX);
    configuration.setRelativeRedirectAllowed(false);
    configuration.setUriCompliance(UriCompliance.RFC3986);
    return configuration;
  }

  /// Whether the address can be had: asked before a start that takes long.
  ///
  /// @throws IOException when it cannot; the message says why
  public static void checkFree(InetSocketAddress address) throws IOException {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(address);
    } catch (IOException e) {
      throw cannotListen(address, e);
    }
  }

  private static IOException cannotListen(InetSocketAddress address, IOException e) {
    String reason = e.getCause() instanceof BindException bind ? bind.getMessage() : e.getMessage();
    return new IOException(
        "cannot listen on "
            + address.getHostString()
            + ":"
            + address.getPort()
            + " ("
            + reason
            + "); end what uses it or set WARREN_ADDRESS",
        e);
  }

  /// Starts to listen.
  ///
  /// @throws IOException when the address cannot be had; the message says why
  public void start() throws IOException {
    try {
      server.start();
    } catch (IOException e) {
      stopServer();
      throw cannotListen(settings.address(), e);
    } catch (Exception e) {
      throw new IllegalStateException("the HTTP server does not start", e);
    }
    live.start();
  }

  /// The port that is listened on.
  public int port() {
    return connector.getLocalPort();
  }

  /// Ends at once what these credentials have open.
  public void revoke(Set<CredentialId> credentials) {
    live.revoke(credentials);
  }

  /// Forgets answers that need no repeating any more.
  public void purge() {
    idempotency.ifPresent(Idempotency::purge);
  }

  /// Stops listening, ends streams, waits a moment for requests that run.
  @Override
  public void close() {
    try {
      var _ = connector.shutdown();
      live.endAll(STREAMS_END_MAX);
      long deadline = System.nanoTime() + REQUESTS_END_MAX.toNanos();
      while (metrics.running() > 0 && System.nanoTime() < deadline) {
        TimeUnit.MILLISECONDS.sleep(5);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    live.close();
    stopServer();
  }

  private void stopServer() {
    try {
      server.setStopTimeout(0);
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the HTTP server does not stop", e);
    }
  }
}
