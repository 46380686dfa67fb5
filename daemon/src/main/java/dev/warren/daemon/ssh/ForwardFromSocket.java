package dev.warren.daemon.ssh;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;
import org.apache.sshd.client.channel.AbstractClientChannel;
import org.apache.sshd.client.future.DefaultOpenFuture;
import org.apache.sshd.client.future.OpenFuture;
import org.apache.sshd.common.Closeable;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.channel.ChannelOutputStream;
import org.apache.sshd.common.channel.ChannelPipedInputStream;
import org.apache.sshd.common.channel.LocalWindow;
import org.apache.sshd.common.util.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/// A channel that we open to the client, for a connection that came to a socket which we listen on
/// for it: `-R` and agents.
final class ForwardFromSocket extends AbstractClientChannel {
  private static final int OPEN_BYTES = 256;

  private final SocketChannel socket;
  private final Consumer<Buffer> details;

  @GuardedBy("this")
  private @Nullable SocketPump pump;

  /// @param type of channel
  /// @param details writes what follows in the open message
  ForwardFromSocket(String type, SocketChannel socket, Consumer<Buffer> details) {
    super(type);
    this.socket = socket;
    this.details = details;
  }

  @Override
  public synchronized OpenFuture open() throws IOException {
    if (isClosing()) {
      throw new SshException("the connection is closing");
    }
    openFuture = new DefaultOpenFuture(toString(), futureLock);
    LocalWindow window = getLocalWindow();
    Buffer open = getSession().createBuffer(SshConstants.SSH_MSG_CHANNEL_OPEN, OPEN_BYTES);
    open.putString(getChannelType());
    open.putUInt(getChannelId());
    open.putUInt(window.getSize());
    open.putUInt(window.getPacketSize());
    details.accept(open);
    writePacket(open);
    return openFuture;
  }

  @Override
  protected synchronized void doOpen() {
    invertedIn =
        new ChannelOutputStream(
            this, getRemoteWindow(), log, SshConstants.SSH_MSG_CHANNEL_DATA, true);
    SocketPump made =
        new SocketPump(
            socket, this, new ChannelPipedInputStream(this, getLocalWindow()), invertedIn);
    pump = made;
    made.start();
  }

  @Override
  protected synchronized void doWriteData(byte[] data, int offset, long length) throws IOException {
    if (pump != null) {
      pump.receive(data, offset, length);
    }
  }

  @Override
  protected void doWriteExtendedData(byte[] data, int offset, long length) {
    throw new UnsupportedOperationException("a forwarded connection has one stream each way");
  }

  @Override
  public void handleEof() throws IOException {
    super.handleEof();
    synchronized (this) {
      if (pump != null) {
        pump.eof();
      }
    }
  }

  @Override
  protected Closeable getInnerCloseable() {
    return builder().close(super.getInnerCloseable()).run(this, this::channelClosed).build();
  }

  private synchronized void channelClosed() {
    if (pump == null) {
      SocketPump.close(socket);
    } else {
      pump.channelClosed();
    }
  }
}
