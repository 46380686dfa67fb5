package dev.warren.tunnel;

import dev.warren.protocol.tunnel.CloseCode;
import dev.warren.tunnel.WebSocketRelay.End;
import dev.warren.tunnel.WebSocketRelay.Introduction;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps a node attached to a relay by WebSocket: connects, waits for the end, pauses, again, until
/// the attachment is over. Runs on a virtual thread of its own; names are resolved there too.
@SuppressWarnings("FutureReturnValueIgnored") // what fails in Netty ends the channel, which is seen
final class AttachLoop implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(AttachLoop.class);

  /// Longest answer to the WebSocket handshake.
  private static final int HANDSHAKE_BYTES_MAX = 16 * 1024;

  private final RelayEndpoint.Url endpoint;
  private final NodeIdentity identity;
  private final UUID instance;
  private final LongSupplier sequence;
  private final EventLoop loop;
  private final Transport transport;
  private final AttachListener listener;
  private final RelayAttachment attachment;
  private final AtomicReference<Channel> current = new AtomicReference<>();

  /// @param sequence answers a greater number each time
  AttachLoop(
      RelayEndpoint.Url endpoint,
      NodeIdentity identity,
      UUID instance,
      LongSupplier sequence,
      EventLoop loop,
      Transport transport,
      AttachListener listener,
      RelayAttachment attachment) {
    this.endpoint = endpoint;
    this.identity = identity;
    this.instance = instance;
    this.sequence = sequence;
    this.loop = loop;
    this.transport = transport;
    this.listener = listener;
    this.attachment = attachment;
  }

  @Override
  public void run() {
    int failures = 0;
    try {
      while (!attachment.isOver()) {
        End end = connectOnce();
        if (CloseCode.isFinal(end.code())) {
          attachment.finish(new AttachRefused(end.code(), end.reason()));
          return;
        }
        failures = end.wasAttached() ? 0 : failures + 1;
        if (attachment.isOver()) {
          return;
        }
        if (failures <= 1) {
          LOG.info("not attached to {} ({}); trying again", endpoint.accessUrl(), end.reason());
        } else {
          LOG.debug("not attached to {} ({})", endpoint.accessUrl(), end.reason());
        }
        Thread.sleep(pause(failures));
      }
    } catch (InterruptedException e) {
      attachment.finish(null);
    }
  }

  /// Ends the connection that stands.
  void disconnect() {
    Channel channel = current.get();
    if (channel != null) {
      channel.close();
    }
  }

  /// Doubles from the first to the longest pause; half of each is chance, so that a thousand
  /// daemons do not come back in step.
  static Duration pause(int failures) {
    long full =
        Math.min(
            Limits.BACKOFF_MAX.toMillis(),
            Limits.BACKOFF_FIRST.toMillis() << Math.min(failures, 10));
    return Duration.ofMillis(full / 2 + ThreadLocalRandom.current().nextLong(full / 2 + 1));
  }

  /// The WebSocket's URL: the relay's path below the control plane's.
  static URI webSocketUrl(URI accessUrl) {
    String path = accessUrl.getRawPath() == null ? "" : accessUrl.getRawPath();
    String folder = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    String scheme = accessUrl.getScheme().equals("https") ? "wss" : "ws";
    String port = accessUrl.getPort() < 0 ? "" : ":" + accessUrl.getPort();
    return URI.create(scheme + "://" + accessUrl.getHost() + port + folder + "/relay");
  }

  private End connectOnce() throws InterruptedException {
    Promise<End> end = loop.newPromise();
    try {
      URI url = webSocketUrl(endpoint.accessUrl());
      boolean secure = url.getScheme().equals("wss");
      int port = url.getPort() >= 0 ? url.getPort() : secure ? 443 : 80;
      String host = url.getHost().replaceAll("[\\[\\]]", "");
      InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(host), port);
      Introduction introduction =
          new Introduction(
              identity,
              instance,
              endpoint.role(),
              endpoint.version(),
              endpoint.token().get(),
              sequence.getAsLong());
      Pulse pulse = new Pulse(System.nanoTime());
      WebSocketRelay handler = new WebSocketRelay(introduction, listener, attachment, pulse, end);
      RelayWatch watch = new RelayWatch(handler, pulse, address);
      Bootstrap bootstrap = new Bootstrap().group(loop);
      transport.tcp(bootstrap);
      ChannelFuture connecting =
          bootstrap
              .option(ChannelOption.TCP_NODELAY, true)
              .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Limits.CONNECT.toMillis())
              .option(
                  ChannelOption.WRITE_BUFFER_WATER_MARK,
                  new WriteBufferWaterMark(
                      Limits.RELAY_UNSENT_BYTES / 2, Limits.RELAY_UNSENT_BYTES))
              .handler(new Pipeline(url, host, port, secure, watch, handler))
              .connect(address);
      current.set(connecting.channel());
      if (attachment.isOver()) {
        // Closed before there was a channel to close.
        return new End(false, 0, "closed");
      }
      connecting.await();
      if (!connecting.isSuccess()) {
        return new End(false, 0, String.valueOf(connecting.cause().getMessage()));
      }
      loop.schedule(
          () -> {
            if (!handler.isAttached()) {
              connecting.channel().close();
            }
          },
          Limits.ATTACH.toMillis(),
          TimeUnit.MILLISECONDS);
      return end.await().getNow();
    } catch (IOException e) {
      return new End(false, 0, "cannot resolve %s".formatted(e.getMessage()));
    } finally {
      Channel channel = current.getAndSet(null);
      if (channel != null) {
        channel.close();
      }
    }
  }

  private static final class Pipeline extends ChannelInitializer<SocketChannel> {
    private final URI url;
    private final String host;
    private final int port;
    private final boolean secure;
    private final RelayWatch watch;
    private final WebSocketRelay handler;

    Pipeline(
        URI url, String host, int port, boolean secure, RelayWatch watch, WebSocketRelay handler) {
      this.url = url;
      this.host = host;
      this.port = port;
      this.secure = secure;
      this.watch = watch;
      this.handler = handler;
    }

    @Override
    protected void initChannel(SocketChannel channel) throws Exception {
      ChannelPipeline pipeline = channel.pipeline().addLast(watch);
      if (secure) {
        pipeline.addLast(new SslHandler(checkedTls()));
      }
      WebSocketClientProtocolConfig config =
          WebSocketClientProtocolConfig.newBuilder()
              .webSocketUri(url)
              .version(WebSocketVersion.V13)
              .generateOriginHeader(false)
              .allowExtensions(false)
              .maxFramePayloadLength(64 * 1024)
              .handleCloseFrames(false)
              .handshakeTimeoutMillis(Limits.ATTACH.toMillis())
              .build();
      pipeline.addLast(
          new HttpClientCodec(),
          new HttpObjectAggregator(HANDSHAKE_BYTES_MAX),
          new WebSocketClientProtocolHandler(config),
          handler);
    }

    /// Trusts what the process trusts, and checks that the certificate is the host's.
    private SSLEngine checkedTls() throws GeneralSecurityException {
      SSLEngine tls = SSLContext.getDefault().createSSLEngine(host, port);
      tls.setUseClientMode(true);
      SSLParameters parameters = tls.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      tls.setSSLParameters(parameters);
      return tls;
    }
  }
}
