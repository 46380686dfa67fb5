package dev.warren.tunnel;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/// A datagram channel without a socket: Netty's QUIC codec sits on it, the magic socket beneath.
/// The codec is a client's or a server's, hence two of these a node.
final class MagicChannel extends AbstractChannel {
  private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);

  private final DefaultChannelConfig config = new DefaultChannelConfig(this);
  private final MagicSocket socket;
  private final InetSocketAddress address;
  private final boolean dialing;
  private volatile boolean open = true;

  MagicChannel(MagicSocket socket, InetSocketAddress address, boolean dialing) {
    super(null);
    this.socket = socket;
    this.address = address;
    this.dialing = dialing;
  }

  /// A datagram came from this peer; it is released by the codec.
  void receive(InetSocketAddress from, ByteBuf datagram) {
    if (open) {
      pipeline().fireChannelRead(new DatagramPacket(datagram, address, from));
    } else {
      datagram.release();
    }
  }

  @Override
  protected void doWrite(ChannelOutboundBuffer in) {
    for (Object message = in.current(); message != null; message = in.current()) {
      // Closing a connection sends an empty packet to learn when all before it is out.
      if (message instanceof DatagramPacket packet && packet.content().isReadable()) {
        int segment = packet instanceof SegmentedDatagramPacket many ? many.segmentSize() : 0;
        socket.send(packet.recipient(), dialing, packet.content(), segment);
      }
      in.remove();
    }
    socket.flush();
  }

  @Override
  protected AbstractUnsafe newUnsafe() {
    return new AbstractUnsafe() {
      @Override
      public void connect(SocketAddress remote, SocketAddress local, ChannelPromise promise) {
        promise.setFailure(new UnsupportedOperationException("only the QUIC codec connects"));
      }
    };
  }

  @Override
  protected boolean isCompatible(EventLoop loop) {
    return true;
  }

  @Override
  protected SocketAddress localAddress0() {
    return address;
  }

  @Override
  @SuppressWarnings("NullAway") // Netty's contract: null while not connected
  protected SocketAddress remoteAddress0() {
    return null;
  }

  @Override
  protected void doBind(SocketAddress localAddress) {}

  @Override
  protected void doDisconnect() {}

  @Override
  protected void doClose() {
    open = false;
  }

  @Override
  protected void doBeginRead() {}

  @Override
  public ChannelConfig config() {
    return config;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public boolean isActive() {
    return open;
  }

  @Override
  public ChannelMetadata metadata() {
    return METADATA;
  }
}
