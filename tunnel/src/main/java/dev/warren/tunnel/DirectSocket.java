package dev.warren.tunnel;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.net.InetSocketAddress;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A node's UDP socket. On the node's event loop.
@SuppressWarnings("FutureReturnValueIgnored") // a datagram that does not leave is a lost one
final class DirectSocket {
  private static final Logger LOG = LoggerFactory.getLogger(DirectSocket.class);

  /// Takes what comes.
  interface Receiver {
    /// A datagram came; it is released by the caller.
    void received(InetSocketAddress from, ByteBuf datagram);

    /// No more are at hand.
    void receivedAll();
  }

  private final Transport transport;
  private final EventLoop loop;
  private final Receiver receiver;
  private final int wantedPort;
  private @Nullable Channel channel;
  private boolean opening;
  private boolean closed;
  private boolean largeProbes;

  /// Which datagrams leave, by their size; tests have storms.
  private volatile IntPredicate weather = bytes -> true;

  /// @param wantedPort 0 for any
  DirectSocket(Transport transport, EventLoop loop, Receiver receiver, int wantedPort) {
    this.transport = transport;
    this.loop = loop;
    this.receiver = receiver;
    this.wantedPort = wantedPort;
  }

  /// Opens it; what is sent before it stands is lost.
  void open() {
    if (opening || closed || channel != null) {
      return;
    }
    opening = true;
    Bootstrap bootstrap = new Bootstrap().group(loop).handler(new Reading());
    transport.udp(bootstrap);
    bootstrap
        .bind(wantedPort)
        .addListener((ChannelFuture bound) -> {
          opening = false;
          if (!bound.isSuccess()) {
            closed = true;
            LOG.warn(
                "no UDP socket on port {} ({}): there will be no direct paths",
                wantedPort,
                bound.cause().getMessage());
            return;
          }
          if (closed) {
            bound.channel().close();
            return;
          }
          largeProbes = transport.neverFragments(bound.channel());
          channel = bound.channel();
        });
  }

  void weather(IntPredicate leaves) {
    weather = leaves;
  }

  OptionalInt port() {
    Channel open = channel;
    return open != null && open.localAddress() instanceof InetSocketAddress address
        ? OptionalInt.of(address.getPort())
        : OptionalInt.empty();
  }

  /// Whether it will be open in a moment.
  boolean isOpening() {
    return opening;
  }

  boolean isOpen() {
    return channel != null;
  }

  /// Whether a probe over 1,200 bytes proves that such datagrams pass.
  boolean largeProbes() {
    return largeProbes;
  }

  /// Sends at the next [#flush].
  ///
  /// @param datagram released here
  /// @param segmentBytes above zero when it is many datagrams of this size, the last one perhaps
  ///   smaller
  void send(InetSocketAddress to, ByteBuf datagram, int segmentBytes) {
    Channel open = channel;
    if (open == null || !weather.test(segmentBytes > 0 ? segmentBytes : datagram.readableBytes())) {
      datagram.release();
      return;
    }
    open.write(
        segmentBytes > 0
            ? new SegmentedDatagramPacket(datagram, segmentBytes, to)
            : new DatagramPacket(datagram, to),
        open.voidPromise());
  }

  void sendNow(InetSocketAddress to, byte[] datagram) {
    send(to, Unpooled.wrappedBuffer(datagram), 0);
    flush();
  }

  void flush() {
    Channel open = channel;
    if (open != null) {
      open.flush();
    }
  }

  void close() {
    closed = true;
    Channel open = channel;
    channel = null;
    if (open != null) {
      open.close();
    }
  }

  private final class Reading extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      DatagramPacket packet = (DatagramPacket) message;
      try {
        receiver.received(packet.sender(), packet.content());
      } finally {
        packet.release();
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      receiver.receivedAll();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      // An ICMP error of some earlier datagram, or one that was too large: no news for a path.
      LOG.trace("UDP: {}", cause.toString());
    }
  }
}
