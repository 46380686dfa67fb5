package dev.warren.daemon.ssh;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.apache.sshd.client.future.DefaultOpenFuture;
import org.apache.sshd.client.future.OpenFuture;
import org.apache.sshd.common.Closeable;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.ChannelFactory;
import org.apache.sshd.common.channel.ChannelOutputStream;
import org.apache.sshd.common.channel.ChannelPipedInputStream;
import org.apache.sshd.common.channel.exception.SshChannelOpenException;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.server.channel.AbstractServerChannel;
import org.jspecify.annotations.Nullable;

/// A channel that the client opened to a socket of the workspace: `-L`, `-D`, `-W`.
final class ForwardToSocket extends AbstractServerChannel {
  /// How long a connect may take.
  private static final int CONNECT_WITHIN_MS = 20_000;

  private final Kind kind;

  /// There once the channel is open.
  private volatile @Nullable SocketPump pump;

  private ForwardToSocket(Kind kind) {
    super(null);
    this.kind = kind;
  }

  /// The types of channels, each the factory of its own.
  enum Kind implements ChannelFactory {
    TCP("direct-tcpip") {
      @Override
      SocketChannel connect(Buffer open) throws IOException {
        String host = open.getString();
        int port = open.getInt();
        return connectTcp(host, port);
      }
    },
    UNIX("direct-streamlocal@openssh.com") {
      @Override
      SocketChannel connect(Buffer open) throws IOException {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(open.getString());
        SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
          socket.connect(address);
          return socket;
        } catch (IOException e) {
          socket.close();
          throw e;
        }
      }
    };

    private final String type;

    Kind(String type) {
      this.type = type;
    }

    /// Connects to what the rest of the open message names.
    abstract SocketChannel connect(Buffer open) throws IOException;

    @Override
    public String getName() {
      return type;
    }

    @Override
    public Channel createChannel(Session session) {
      return new ForwardToSocket(this);
    }

    /// To the first of the host's addresses that answers: `localhost` is two.
    private static SocketChannel connectTcp(String host, int port) throws IOException {
      IOException last = new IOException("there is no address of " + host);
      for (InetAddress address : InetAddress.getAllByName(host)) {
        SocketChannel socket = SocketChannel.open();
        try {
          socket.socket().connect(new InetSocketAddress(address, port), CONNECT_WITHIN_MS);
          socket.socket().setTcpNoDelay(true);
          return socket;
        } catch (IOException e) {
          socket.close();
          last = e;
        }
      }
      throw last;
    }
  }

  static List<ChannelFactory> factories() {
    return List.of(Kind.values());
  }

  @Override
  protected OpenFuture doInit(Buffer open) {
    OpenFuture future = new DefaultOpenFuture(this, futureLock);
    // The message's buffer is used again as soon as this returns.
    byte[] rest = open.getCompactData();
    Thread.ofVirtual().name("ssh-connect").start(() -> connect(future, new ByteArrayBuffer(rest)));
    return future;
  }

  private void connect(OpenFuture future, Buffer open) {
    SocketChannel connected;
    try {
      connected = kind.connect(open);
    } catch (IOException | RuntimeException e) {
      future.setException(
          new SshChannelOpenException(
              getChannelId(),
              SshConstants.SSH_OPEN_CONNECT_FAILED,
              String.valueOf(e.getMessage()),
              e));
      close(true);
      return;
    }
    SocketPump made =
        new SocketPump(
            connected,
            this,
            new ChannelPipedInputStream(this, getLocalWindow()),
            new ChannelOutputStream(
                this, getRemoteWindow(), log, SshConstants.SSH_MSG_CHANNEL_DATA, true));
    pump = made;
    if (isClosing()) { // the client has gone meanwhile
      SocketPump.close(connected);
      return;
    }
    signalChannelOpenSuccess();
    future.setOpened();
    made.start();
  }

  @Override
  protected void doWriteData(byte[] data, int offset, long length) throws IOException {
    SocketPump open = pump;
    if (open != null) {
      open.receive(data, offset, length);
    }
  }

  @Override
  protected void doWriteExtendedData(byte[] data, int offset, long length) {
    throw new UnsupportedOperationException("a forwarded connection has one stream each way");
  }

  @Override
  public void handleEof() throws IOException {
    super.handleEof();
    SocketPump open = pump;
    if (open != null) {
      open.eof();
    }
  }

  @Override
  protected Closeable getInnerCloseable() {
    return builder()
        .close(super.getInnerCloseable())
        .run(
            this,
            () -> {
              SocketPump open = pump;
              if (open != null) {
                open.channelClosed();
              }
            })
        .build();
  }
}
