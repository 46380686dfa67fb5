package dev.warren.tunnel;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Learns why a connection ends.
@SuppressWarnings("FutureReturnValueIgnored") // what fails in Netty ends the channel, which is seen
final class ConnectionWatcher extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionWatcher.class);

  private final Consumer<ConnectionWatcher> onActive;
  private volatile @Nullable TunnelConnection connection;
  private volatile String reason = "the connection was lost";

  ConnectionWatcher(Consumer<ConnectionWatcher> onActive) {
    this.onActive = onActive;
  }

  void watch(TunnelConnection watched) {
    connection = watched;
  }

  void end() {
    TunnelConnection watched = connection;
    if (watched != null) {
      watched.ended(reason);
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    onActive.accept(this);
    context.fireChannelActive();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof QuicConnectionCloseEvent close) {
      String text = new String(close.reason(), StandardCharsets.UTF_8);
      reason =
          text.isEmpty()
              ? "the peer closed the connection (code %d)".formatted(close.error())
              : "the peer closed the connection: " + text;
      end();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.debug("a connection broke: {}", cause.toString());
    // Not now: QUIC may be in the midst of a send, and the peer would never be told.
    context.channel().eventLoop().execute(context::close);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    end();
    context.fireChannelInactive();
  }
}
