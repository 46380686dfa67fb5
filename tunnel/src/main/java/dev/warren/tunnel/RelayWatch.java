package dev.warren.tunnel;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Watches one WebSocket to the relay from next to its socket, and cuts it when it leads nowhere,
/// so that the node attaches anew by the way that works: within a second when this machine's
/// address has gone, within seconds when its network changed or nothing comes back, after
/// [Limits#RELAY_SILENCE] in any case. On the event loop.
@SuppressWarnings("FutureReturnValueIgnored") // what fails in Netty ends the channel, which is seen
final class RelayWatch extends ChannelInboundHandlerAdapter {
  private final WebSocketRelay relay;
  private final Pulse pulse;
  private final Slumber slumber = new Slumber();
  private final RelayRoute route;
  private @Nullable ScheduledFuture<?> ticks;

  RelayWatch(WebSocketRelay relay, Pulse pulse, InetSocketAddress host) {
    this.relay = relay;
    this.pulse = pulse;
    this.route = RelayRoute.to(host);
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    pulse.heard(System.nanoTime());
    long every = Limits.RELAY_LOOK.toMillis();
    ticks =
        context
            .channel()
            .eventLoop()
            .scheduleWithFixedDelay(() -> tick(context), every, every, TimeUnit.MILLISECONDS);
    context.fireChannelActive();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    pulse.heard(System.nanoTime());
    context.fireChannelReadComplete();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    ScheduledFuture<?> running = ticks;
    if (running != null) {
      running.cancel(false);
    }
    context.fireChannelInactive();
  }

  private void tick(ChannelHandlerContext context) {
    if (!relay.isAttached()) {
      return;
    }
    long now = System.nanoTime();
    RelayRoute.Change change = route.look();
    if (slumber.ended(System.currentTimeMillis(), now) || change != RelayRoute.Change.NONE) {
      relay.moved();
      pulse.suspect();
    }
    if (change == RelayRoute.Change.LOST) {
      cut(context, "this machine has another address now");
      return;
    }
    switch (pulse.due(now)) {
      case NOTHING -> {}
      case PING -> context.channel().writeAndFlush(new PingWebSocketFrame());
      case CUT -> cut(context, "the relay was silent for %d s".formatted(pulse.silentSeconds(now)));
    }
  }

  /// From here and not from the channel's other end: TLS would wait to say goodbye.
  private void cut(ChannelHandlerContext context, String why) {
    relay.lost(why);
    context.close();
  }
}
