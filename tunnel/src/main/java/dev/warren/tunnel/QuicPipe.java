package dev.warren.tunnel;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamFrame;
import io.netty.handler.codec.quic.QuicStreamResetException;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The raw bytes of one QUIC stream, between its event loop and one blocking reader and one
/// blocking writer. Back-pressure both ways: the loop stops taking bytes from QUIC while
/// [Limits#UNREAD_BYTES] wait, and a writer waits while [Limits#UNSENT_BYTES] do.
@SuppressWarnings("FutureReturnValueIgnored") // what fails in Netty ends the channel, which is seen
final class QuicPipe extends ChannelInboundHandlerAdapter {
  private static final int RESET_CODE = 1;

  private final QuicStreamChannel channel;
  private final Urgency urgency;
  private final Supplier<String> connectionEnd;
  private final Runnable onBroken;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition readable = lock.newCondition();
  private final Condition writable = lock.newCondition();

  @GuardedBy("lock")
  private final Unread unread = new Unread();

  @GuardedBy("lock")
  private int unsentBytes;

  @GuardedBy("lock")
  private boolean paused;

  @GuardedBy("lock")
  private boolean inputEnded;

  /// Nobody reads any more.
  @GuardedBy("lock")
  private boolean discarding;

  @GuardedBy("lock")
  private boolean finished;

  @GuardedBy("lock")
  private @Nullable String readFailure;

  @GuardedBy("lock")
  private @Nullable String writeFailure;

  private int discardedBytes;
  private @Nullable ScheduledFuture<?> discardEnd;

  /// @param connectionEnd says why the connection has ended, once it has
  /// @param onBroken run when the stream is closed before its input has ended
  QuicPipe(QuicStreamChannel channel, Supplier<String> connectionEnd, Runnable onBroken) {
    this.channel = channel;
    this.urgency = new Urgency(channel);
    this.connectionEnd = connectionEnd;
    this.onBroken = onBroken;
    // Here, and not as an option: Netty would take it and log that it does not know it.
    channel.config().setReadFrames(true);
  }

  /// Reads like an `InputStream`.
  ///
  /// @param timeoutNanos zero for ever
  int read(byte[] into, int offset, int length, long timeoutNanos) throws IOException {
    if (length == 0) {
      return 0;
    }
    boolean resume = false;
    int count;
    lock.lock();
    try {
      if (!awaitBytes(timeoutNanos)) {
        return -1;
      }
      count = unread.read(into, offset, length);
      if (paused && unread.memoryBytes() <= Limits.UNREAD_BYTES / 2) {
        paused = false;
        resume = true;
      }
    } catch (InterruptedException e) {
      throw interrupted("read");
    } finally {
      lock.unlock();
    }
    if (resume) {
      channel.eventLoop().execute(channel::read);
    }
    return count;
  }

  /// Bytes that can be read without waiting, or fewer.
  int available() {
    lock.lock();
    try {
      return unread.available();
    } finally {
      lock.unlock();
    }
  }

  /// Hands bytes to QUIC, waiting while too many wait there already.
  void write(byte[] from, int offset, int length) throws IOException {
    int end = offset + length;
    for (int at = offset; at < end; ) {
      int count = Math.min(end - at, Limits.WRITE_BYTES);
      reserve(count);
      ByteBuf piece = ByteBufAllocator.DEFAULT.directBuffer(count).writeBytes(from, at, count);
      channel.writeAndFlush(piece).addListener((ChannelFuture done) -> sent(count, done));
      at += count;
    }
  }

  /// Half-close: the peer reads to the end of what was written.
  void finish() throws IOException {
    lock.lock();
    try {
      if (finished) {
        return;
      }
      finished = true;
      if (writeFailure != null) {
        throw failed(writeFailure);
      }
    } finally {
      lock.unlock();
    }
    // As a frame, not by shutdownOutput, which would overtake what is queued.
    channel.writeAndFlush(StreamEnd.frame());
  }

  /// Breaks the stream off, both ways.
  void reset() {
    fail("the stream was reset here");
    discard();
    channel
        .eventLoop()
        .execute(() -> {
          if (channel.isOpen()) {
            channel.shutdown(RESET_CODE);
            breakOff();
          }
        });
  }

  /// Finishes the output, then waits for the input's end on the side: what still comes is thrown
  /// away, within limits.
  void close() {
    boolean isFinished;
    boolean isEnded;
    lock.lock();
    try {
      isFinished = finished || writeFailure != null;
      finished = true;
      isEnded = inputEnded;
    } finally {
      lock.unlock();
    }
    discard();
    if (isEnded && isFinished) {
      return;
    }
    channel
        .eventLoop()
        .execute(() -> {
          if (!isFinished) {
            channel.writeAndFlush(StreamEnd.frame()).addListener(done -> discardInput());
          } else {
            discardInput();
          }
        });
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    if (!context.channel().isOpen()) {
      fail(connectionEnd.get());
    } else if (context.channel().isRegistered()) {
      urgency.begin();
      context.read();
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    context.read();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    QuicStreamFrame frame = (QuicStreamFrame) message;
    ByteBuf bytes = frame.content();
    boolean isEnd = frame.hasFin() && StreamEnd.strip(bytes);
    lock.lock();
    try {
      if (discarding) {
        discardedBytes += bytes.readableBytes();
      }
      if (discarding || !bytes.isReadable()) {
        bytes.release();
      } else {
        unread.add(bytes);
      }
      inputEnded |= isEnd;
      readable.signal();
    } finally {
      lock.unlock();
    }
    if (frame.hasFin() && !isEnd) {
      fail("the peer broke the stream off");
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    lock.lock();
    try {
      if (!discarding && unread.memoryBytes() >= Limits.UNREAD_BYTES) {
        paused = true;
        return;
      }
    } finally {
      lock.unlock();
    }
    if (discardedBytes > Limits.DISCARD_BYTES) {
      stopInput();
      return;
    }
    context.read();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    fail(
        cause instanceof QuicStreamResetException
            ? "the peer reset the stream"
            : "the stream broke: " + cause.getMessage());
    breakOff();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    ScheduledFuture<?> timer = discardEnd;
    if (timer != null) {
      timer.cancel(false);
    }
    fail(connectionEnd.get());
    lock.lock();
    try {
      if (discarding) {
        unread.release();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Waits for something to read.
  ///
  /// @return false at the end of the input
  @GuardedBy("lock")
  private boolean awaitBytes(long timeoutNanos) throws InterruptedException, IOException {
    long left = timeoutNanos;
    while (unread.isEmpty()) {
      if (readFailure != null && (discarding || !inputEnded)) {
        throw failed(readFailure);
      }
      if (inputEnded) {
        return false;
      }
      if (timeoutNanos == 0) {
        readable.await();
      } else if (left <= 0) {
        throw new SocketTimeoutException(
            "nothing to read within %d ms".formatted(timeoutNanos / 1_000_000));
      } else {
        left = readable.awaitNanos(left);
      }
    }
    return true;
  }

  private void reserve(int count) throws IOException {
    lock.lock();
    try {
      while (true) {
        if (writeFailure != null) {
          throw failed(writeFailure);
        }
        if (finished) {
          throw failed("the output is closed");
        }
        if (unsentBytes == 0 || unsentBytes + count <= Limits.UNSENT_BYTES) {
          unsentBytes += count;
          return;
        }
        writable.await();
      }
    } catch (InterruptedException e) {
      throw interrupted("write");
    } finally {
      lock.unlock();
    }
  }

  private void sent(int count, ChannelFuture done) {
    lock.lock();
    try {
      unsentBytes -= count;
      urgency.sent(count, unsentBytes > 0);
      if (!done.isSuccess() && writeFailure == null) {
        writeFailure =
            channel.isOpen() ? "the peer stopped reading the stream" : connectionEnd.get();
      }
      writable.signal();
    } finally {
      lock.unlock();
    }
  }

  private void fail(String reason) {
    lock.lock();
    try {
      if (readFailure == null) {
        readFailure = reason;
      }
      if (writeFailure == null) {
        writeFailure = reason;
      }
      readable.signalAll();
      writable.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void discard() {
    lock.lock();
    try {
      discarding = true;
      unread.release();
      if (readFailure == null) {
        readFailure = "the stream is closed";
      }
      readable.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// On the loop: throws input away until its end, up to a limit.
  private void discardInput() {
    if (!channel.isOpen()) {
      return;
    }
    discardEnd =
        channel
            .eventLoop()
            .schedule(this::stopInput, Limits.DISCARD.toMillis(), TimeUnit.MILLISECONDS);
    channel.read();
  }

  private void stopInput() {
    if (channel.isOpen()) {
      channel.shutdownInput(RESET_CODE);
      breakOff();
    }
  }

  private void breakOff() {
    onBroken.run();
    channel.close();
  }

  private static TunnelException failed(String reason) {
    return new TunnelException(TunnelException.Stage.STREAM, reason);
  }

  private static InterruptedIOException interrupted(String what) {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("interrupted while waiting to " + what);
  }
}
