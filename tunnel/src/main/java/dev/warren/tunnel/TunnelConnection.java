package dev.warren.tunnel;

import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.StreamKind;
import dev.warren.tunnel.TunnelException.Stage;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A live QUIC connection to one peer, up only after the peer answered the hello. The hello's
/// stream stays open as the control stream: it carries pings, and a byte from each end that wakes
/// QUIC when a path comes back.
@SuppressWarnings("FutureReturnValueIgnored") // what fails in Netty ends the channel, which is seen
public final class TunnelConnection implements AutoCloseable {
  /// Bytes on the control stream.
  private static final byte NUDGE = 0;

  private static final byte PING = 1;
  private static final byte PONG = 2;

  /// How long to wait before trying again when QUIC has not got a stream's credit back yet.
  private static final Duration CREDIT_RETRY = Duration.ofMillis(2);

  private final NodeId peer;
  private final QuicChannel channel;
  private final boolean dialed;
  private final Supplier<PathStatus> path;
  private final StreamPlaces places = new StreamPlaces();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger broken = new AtomicInteger();
  private final AtomicReference<String> end = new AtomicReference<>();
  private volatile long usedNanos = System.nanoTime();
  private volatile @Nullable QuicPipe control;

  private final ReentrantLock pingLock = new ReentrantLock();
  private final Condition pongCame = pingLock.newCondition();
  private long pings;
  private long pongs;

  TunnelConnection(NodeId peer, QuicChannel channel, boolean dialed, Supplier<PathStatus> path) {
    this.peer = peer;
    this.channel = channel;
    this.dialed = dialed;
    this.path = path;
  }

  public NodeId peer() {
    return peer;
  }

  /// Opens a stream; does not wait for the peer to accept it.
  ///
  /// @param target at most 1,024 bytes of UTF-8
  /// @param deadline how long to wait when as many streams are open as the peer allows
  public TunnelStream openStream(StreamKind kind, String target, Duration deadline)
      throws TunnelException, InterruptedException {
    long end = System.nanoTime() + deadline.toNanos();
    StreamPlaces.Place place = places.take(kind, peer, deadline);
    boolean opened = false;
    try {
      QuicStreamChannel stream = createStream(end);
      QuicPipe pipe = pipe(stream, true);
      opened = true;
      stream.closeFuture().addListener(done -> place.close());
      return QuicStream.opened(pipe, peer, kind, target);
    } finally {
      if (!opened) {
        place.close();
      }
    }
  }

  /// Sends a ping beside the streams and waits for its answer.
  public Duration ping(Duration deadline) throws TunnelException, InterruptedException {
    QuicPipe pipe = control;
    if (pipe == null) {
      throw new TunnelException(Stage.OPEN, "the connection is not up");
    }
    long started = System.nanoTime();
    long left = deadline.toNanos();
    pingLock.lockInterruptibly();
    try {
      long mine = ++pings;
      send(pipe, PING);
      while (pongs < mine) {
        if (left <= 0) {
          throw new TunnelException(
              Stage.STREAM,
              "%s answered no ping within %d ms".formatted(peer.brief(), deadline.toMillis()));
        }
        if (!isOpen()) {
          throw new TunnelException(Stage.STREAM, endReason());
        }
        left = pongCame.awaitNanos(left);
      }
    } catch (TunnelException e) {
      throw e;
    } catch (IOException e) {
      throw new TunnelException(Stage.STREAM, "cannot ping " + peer.brief(), e);
    } finally {
      pingLock.unlock();
    }
    return Duration.ofNanos(System.nanoTime() - started);
  }

  /// The way that this connection's datagrams take now.
  public PathStatus path() {
    return path.get();
  }

  public boolean isOpen() {
    return end.get() == null && channel.isOpen();
  }

  /// Streams open now, both ways, without the control stream.
  public int openStreams() {
    return open.get();
  }

  @Override
  public void close() {
    end("the connection was closed here");
  }

  @Override
  public String toString() {
    return "connection %s %s".formatted(dialed ? "to" : "from", peer.brief());
  }

  /// Closes with a reason, which both ends' streams then fail with.
  void end(String reason) {
    end.compareAndSet(null, reason);
    channel.close(true, 0, Unpooled.copiedBuffer(reason, StandardCharsets.UTF_8));
  }

  /// The peer or QUIC itself ended it.
  void ended(String reason) {
    end.compareAndSet(null, reason);
    pingLock.lock();
    try {
      pongCame.signalAll();
    } finally {
      pingLock.unlock();
    }
  }

  String endReason() {
    String reason = end.get();
    return reason == null ? "the connection to %s ended".formatted(peer.brief()) : reason;
  }

  QuicChannel channel() {
    return channel;
  }

  /// Whether the dialing side should close it: nothing uses it, and has not for long, or it has
  /// grown heavy with what Netty keeps of broken streams.
  boolean isSpent(long nowNanos) {
    boolean isUnused = nowNanos - usedNanos > Limits.UNUSED.toNanos();
    return open.get() == 0 && (isUnused || broken.get() > Limits.BROKEN_STREAMS);
  }

  /// A stream of this connection begins on the event loop.
  QuicPipe pipe(QuicStreamChannel stream, boolean counts) {
    QuicPipe pipe = new QuicPipe(stream, this::endReason, broken::incrementAndGet);
    stream.pipeline().addLast(pipe);
    if (counts) {
      open.incrementAndGet();
      stream
          .closeFuture()
          .addListener(done -> {
            open.decrementAndGet();
            usedNanos = System.nanoTime();
          });
    }
    return pipe;
  }

  /// Dialing side: says hello and waits for the peer's.
  void hello(long endNanos) throws IOException, InterruptedException {
    QuicStreamChannel stream = createStream(endNanos);
    QuicPipe pipe = pipe(stream, false);
    byte[] header = StreamHeader.open(StreamHeader.CONTROL, StreamHeader.VERSION);
    pipe.write(header, 0, header.length);
    byte[] answer = new byte[1];
    QuicStream.readFully(pipe, answer, Math.max(1, endNanos - System.nanoTime()));
    if (answer[0] != StreamHeader.SERVED) {
      throw new TunnelException(
          Stage.HELLO, QuicStream.readText(pipe, Math.max(1, endNanos - System.nanoTime())));
    }
    control = pipe;
    Thread.ofVirtual().name("tunnel-control").start(() -> readControl(pipe));
  }

  /// Accepting side: answers the hello, then pings, until the connection ends.
  void serveControl(QuicPipe pipe, String version) throws IOException {
    if (!version.equals(StreamHeader.VERSION)) {
      byte[] no = StreamHeader.refused("this node speaks %s only".formatted(StreamHeader.VERSION));
      pipe.write(no, 0, no.length);
      pipe.close();
      return;
    }
    pipe.write(new byte[] {StreamHeader.SERVED}, 0, 1);
    control = pipe;
    readControl(pipe);
  }

  /// Makes QUIC send something now, so that it finds out at once that a path is back.
  void nudge() {
    QuicPipe pipe = control;
    if (pipe != null) {
      Thread.startVirtualThread(() -> sendQuietly(pipe, NUDGE));
    }
  }

  /// Keeps the connection from being idle.
  void heartbeat() {
    QuicPipe pipe = control;
    if (pipe != null && open.get() > 0) {
      Thread.startVirtualThread(() -> sendQuietly(pipe, NUDGE));
    }
  }

  private void readControl(QuicPipe pipe) {
    byte[] bytes = new byte[64];
    try {
      while (true) {
        int count = pipe.read(bytes, 0, bytes.length, 0);
        if (count < 0) {
          return;
        }
        for (int i = 0; i < count; i++) {
          if (bytes[i] == PING) {
            send(pipe, PONG);
          } else if (bytes[i] == PONG) {
            pong();
          }
        }
      }
    } catch (IOException e) {
      // The connection ended; its streams say so.
    }
  }

  private void pong() {
    pingLock.lock();
    try {
      pongs++;
      pongCame.signalAll();
    } finally {
      pingLock.unlock();
    }
  }

  private static void send(QuicPipe pipe, byte what) throws IOException {
    pipe.write(new byte[] {what}, 0, 1);
  }

  private static void sendQuietly(QuicPipe pipe, byte what) {
    try {
      send(pipe, what);
    } catch (IOException e) {
      // The connection ended; its streams say so.
    }
  }

  /// A QUIC stream; waits for the peer to allow one more. The count here runs a little ahead of the
  /// credit that comes back from the peer, and only a packet brings it.
  private QuicStreamChannel createStream(long endNanos)
      throws TunnelException, InterruptedException {
    while (true) {
      if (!channel.isActive()) {
        throw new TunnelException(Stage.OPEN, endReason());
      }
      Promise<QuicStreamChannel> created = channel.eventLoop().newPromise();
      channel.eventLoop().execute(() -> createIfAllowed(created));
      long left = endNanos - System.nanoTime();
      if (!created.await(Math.max(1, left), TimeUnit.NANOSECONDS)) {
        throw new TunnelException(Stage.OPEN, "the event loop opened no stream in time");
      }
      if (created.isSuccess()) {
        return created.getNow();
      }
      if (endNanos - System.nanoTime() <= CREDIT_RETRY.toNanos()) {
        throw new TunnelException(
            Stage.OPEN,
            "no stream to %s: %s".formatted(peer.brief(), created.cause().getMessage()));
      }
      nudge();
      Thread.sleep(CREDIT_RETRY);
    }
  }

  /// On the loop. A creation that QUIC refuses would use up a stream's number for ever, so that it
  /// is not tried without credit.
  private void createIfAllowed(Promise<QuicStreamChannel> created) {
    if (channel.peerAllowedStreams(QuicStreamType.BIDIRECTIONAL) <= 0) {
      created.setFailure(new IllegalStateException("the peer allows no more at once"));
      return;
    }
    channel
        .newStreamBootstrap()
        .type(QuicStreamType.BIDIRECTIONAL)
        .handler(new ChannelInboundHandlerAdapter())
        .option(ChannelOption.AUTO_READ, false)
        .create(created);
  }
}
