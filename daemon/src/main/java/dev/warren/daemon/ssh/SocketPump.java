package dev.warren.daemon.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.ChannelPipedInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries bytes between a socket of the workspace, TCP or Unix, and a channel of SSH, on a virtual
/// thread each way. Half-closes are passed on; when both ways have ended, both ends are closed. A
/// channel that the client closes still has bytes here: the socket gets them first.
final class SocketPump {
  private static final Logger LOG = LoggerFactory.getLogger(SocketPump.class);
  private static final int BUFFER_BYTES = 32 * 1024;

  private final SocketChannel socket;
  private final Channel channel;
  private final ChannelPipedInputStream fromClient;
  private final OutputStream toClient;
  private final Thread toSocket = Thread.ofVirtual().name("ssh-to-socket").unstarted(this::up);
  private volatile boolean channelClosed;

  /// @param fromClient what the client sends on the channel
  /// @param toClient closing it says that nothing more comes
  SocketPump(
      SocketChannel socket,
      Channel channel,
      ChannelPipedInputStream fromClient,
      OutputStream toClient) {
    this.socket = socket;
    this.channel = channel;
    this.fromClient = fromClient;
    this.toClient = toClient;
  }

  void start() {
    toSocket.start();
    Thread.ofVirtual().name("ssh-from-socket").start(this::down);
  }

  /// Bytes from the client, on a thread of MINA's.
  void receive(byte[] data, int offset, long length) throws IOException {
    fromClient.receive(data, offset, (int) length);
  }

  /// The client sends no more.
  void eof() {
    fromClient.eof();
  }

  /// The channel is no more; the socket goes when it has got what was received.
  void channelClosed() {
    channelClosed = true;
    fromClient.eof();
    if (!toSocket.isAlive()) {
      close(socket);
    }
  }

  private void up() {
    try {
      copy(fromClient, Channels.newOutputStream(socket));
      socket.shutdownOutput();
    } catch (IOException e) {
      LOG.debug("a forwarded connection broke: {}", e.getMessage());
      channel.close(false);
      close(socket);
    }
    if (channelClosed) {
      close(socket);
    }
  }

  private void down() {
    try {
      copy(Channels.newInputStream(socket), toClient);
      toClient.close();
      toSocket.join();
    } catch (IOException e) {
      LOG.debug("a forwarded connection broke: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      channel.close(false);
      if (!toSocket.isAlive()) {
        close(socket);
      }
    }
  }

  static void close(AutoCloseable what) {
    try {
      what.close();
    } catch (Exception e) {
      LOG.debug("closing failed: {}", e.getMessage());
    }
  }

  private static void copy(InputStream in, OutputStream out) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      out.write(buffer, 0, read);
      out.flush();
    }
  }
}
