package dev.warren.tunnel;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;

/// Netty's sockets here: Linux's own where their native code loads (many datagrams a system call),
/// else the JDK's.
enum Transport {
  EPOLL,
  NIO;

  /// Receive and send buffer that a UDP socket asks for; the system may give less, and most give no
  /// more. A bulk transfer fills what there is and small exchanges wait behind it: with 4 MiB their
  /// median was 3 to 4.6 ms and their 99th percentile 13 to 15 ms on loopback, with this 0.9 and 3
  /// ms, at nearly the same throughput.
  private static final int UDP_BUFFER_BYTES = 256 * 1024;

  /// Room for one read: a burst that the kernel has put together.
  private static final int UDP_READ_BYTES = 64 * 1024;

  /// Reads of a socket in one turn of the loop.
  private static final int UDP_READS = 8;

  /// Bytes that the kernel holds unsent of a WebSocket: more would stand before what is urgent.
  private static final long TCP_UNSENT_BYTES = 128 * 1024;

  /// `IP_MTU_DISCOVER` and its value `IP_PMTUDISC_PROBE`: never fragment, whatever is known of the
  /// path, or a large probe would prove nothing. Then the same for IPv6.
  private static final ChannelOption<Integer> FRAGMENTS_4 =
      new IntegerUnixChannelOption("IP_MTU_DISCOVER", 0, 10);

  private static final ChannelOption<Integer> FRAGMENTS_6 =
      new IntegerUnixChannelOption("IPV6_MTU_DISCOVER", 41, 23);
  private static final int NEVER = 3;

  /// The better one that works here.
  static Transport choose() {
    return Epoll.isAvailable() ? EPOLL : NIO;
  }

  IoHandlerFactory ioHandlers() {
    return switch (this) {
      case EPOLL -> EpollIoHandler.newFactory();
      case NIO -> NioIoHandler.newFactory();
    };
  }

  /// A TCP connection's channel.
  void tcp(Bootstrap bootstrap) {
    switch (this) {
      case EPOLL ->
          bootstrap
              .channel(EpollSocketChannel.class)
              .option(EpollChannelOption.TCP_NOTSENT_LOWAT, TCP_UNSENT_BYTES);
      case NIO -> bootstrap.channel(NioSocketChannel.class);
    }
  }

  /// A UDP socket's channel.
  void udp(Bootstrap bootstrap) {
    switch (this) {
      case EPOLL ->
          bootstrap
              .channel(EpollDatagramChannel.class)
              .option(EpollChannelOption.UDP_GRO, true)
              .option(ChannelOption.RECVBUF_ALLOCATOR, reads());
      case NIO ->
          bootstrap
              .channel(NioDatagramChannel.class)
              .option(ChannelOption.RECVBUF_ALLOCATOR, reads());
    }
    bootstrap
        .option(ChannelOption.SO_RCVBUF, UDP_BUFFER_BYTES)
        .option(ChannelOption.SO_SNDBUF, UDP_BUFFER_BYTES);
  }

  /// Whether large datagrams of this socket arrive whole or not at all.
  boolean neverFragments(Channel udp) {
    if (this == NIO) {
      return false;
    }
    boolean four = udp.config().setOption(FRAGMENTS_4, NEVER);
    return udp.config().setOption(FRAGMENTS_6, NEVER) || four;
  }

  /// Whether one system call may send many datagrams to one address.
  boolean sendsSegments() {
    return this == EPOLL && EpollDatagramChannel.isSegmentedDatagramPacketSupported();
  }

  private static FixedRecvByteBufAllocator reads() {
    FixedRecvByteBufAllocator reads = new FixedRecvByteBufAllocator(UDP_READ_BYTES);
    reads.maxMessagesPerRead(UDP_READS);
    return reads;
  }
}
