package dev.warren.daemon.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.sshd.common.future.CloseFuture;
import org.apache.sshd.common.future.DefaultCloseFuture;
import org.apache.sshd.common.io.AbstractIoWriteFuture;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoService;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.common.util.closeable.AbstractCloseable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One client's connection: what MINA takes for a socket is a stream each way.
///
/// Writes never block MINA's threads: they queue for the writer. The queue is bounded by what the
/// client's channel windows allow to be sent, some MiB.
final class Connection extends AbstractCloseable implements IoSession {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
  private static final AtomicLong IDS = new AtomicLong();
  private static final int READ_BYTES = 64 * 1024;

  /// How long what is queued may take to leave after the client has gone.
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  /// Names both ends; nothing is ever connected to it.
  private static final SocketAddress NOWHERE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 22);

  private final long id = IDS.incrementAndGet();
  private final Map<Object, Object> attributes = new ConcurrentHashMap<>();
  private final BlockingQueue<Write> writes = new LinkedBlockingQueue<>();
  private final CloseFuture drained = new DefaultCloseFuture("drained", new Object());
  private final IoHandler handler;
  private final InputStream in;
  private final OutputStream out;
  private final Runnable reset;
  private final Thread writer = Thread.ofVirtual().name("ssh-writer").unstarted(this::write);

  /// @param reset breaks both streams off, so that who waits in one wakes up
  Connection(IoHandler handler, InputStream in, OutputStream out, Runnable reset) {
    this.handler = handler;
    this.in = in;
    this.out = out;
    this.reset = reset;
  }

  /// Serves the client until it goes; on the caller's thread, which is the reader.
  void serve() throws InterruptedException {
    writer.start();
    try {
      handler.sessionCreated(this);
      byte[] buffer = new byte[READ_BYTES];
      for (int read = in.read(buffer); read >= 0 && isOpen(); read = in.read(buffer)) {
        handler.messageReceived(this, new ByteArrayBuffer(buffer, 0, read));
      }
    } catch (IOException e) {
      LOG.debug("a connection broke: {}", e.getMessage());
    } catch (Exception e) {
      fail(e);
    }
    close(true);
    if (!writer.join(LAST_WORDS)) {
      writer.interrupt();
    }
  }

  /// Bytes on their way to the client.
  private static final class Write extends AbstractIoWriteFuture {
    /// Ends the writer.
    private static final Write LAST = new Write("last", new ByteArrayBuffer(0, false));

    private final Buffer buffer;

    Write(Object id, Buffer buffer) {
      super(id, null);
      this.buffer = buffer;
    }

    boolean isLast() {
      return equals(LAST);
    }

    void done(Object result) {
      setValue(result);
    }
  }

  @Override
  public IoWriteFuture writeBuffer(Buffer buffer) {
    Write write = new Write(this, buffer);
    if (isClosing()) {
      write.done(new ClosedChannelException());
    } else {
      writes.add(write);
    }
    return write;
  }

  private void write() {
    Throwable why = new ClosedChannelException();
    try {
      for (Write next = writes.take(); !next.isLast(); next = writes.take()) {
        try {
          out.write(next.buffer.array(), next.buffer.rpos(), next.buffer.available());
        } catch (IOException e) {
          next.done(e);
          throw e;
        }
        next.done(true);
      }
      out.close();
    } catch (IOException | InterruptedException e) {
      why = e;
      reset.run();
    }
    drained.setClosed();
    for (Write left = writes.poll(); left != null; left = writes.poll()) {
      left.done(why);
    }
  }

  private void fail(Exception cause) {
    try {
      handler.exceptionCaught(this, cause);
    } catch (Exception e) {
      LOG.debug("an SSH connection failed: {}", cause.toString(), e);
    }
  }

  /// What is queued leaves first.
  @Override
  protected CloseFuture doCloseGracefully() {
    writes.add(Write.LAST);
    return drained;
  }

  @Override
  protected void doCloseImmediately() {
    writes.add(Write.LAST);
    super.doCloseImmediately();
    try {
      handler.sessionClosed(this);
    } catch (Exception e) {
      LOG.debug("closing a connection failed", e);
    }
  }

  @Override
  public long getId() {
    return id;
  }

  @Override
  public @Nullable Object getAttribute(Object key) {
    return attributes.get(key);
  }

  @Override
  public @Nullable Object setAttribute(Object key, Object value) {
    return attributes.put(key, value);
  }

  @Override
  public @Nullable Object setAttributeIfAbsent(Object key, Object value) {
    return attributes.putIfAbsent(key, value);
  }

  @Override
  public @Nullable Object removeAttribute(Object key) {
    return attributes.remove(key);
  }

  @Override
  public SocketAddress getLocalAddress() {
    return NOWHERE;
  }

  @Override
  public SocketAddress getRemoteAddress() {
    return NOWHERE;
  }

  @Override
  public SocketAddress getAcceptanceAddress() {
    return NOWHERE;
  }

  @Override
  public IoService getService() {
    throw new UnsupportedOperationException("a tunnel's stream belongs to no service");
  }

  @Override
  public void shutdownOutputStream() {
    // The protocol says goodbye by itself.
  }

  @Override
  public void suspendRead() {
    // Asked of forwarded sockets only, which are not of this kind here.
  }

  @Override
  public void resumeRead() {
    // As above.
  }
}
