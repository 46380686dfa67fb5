package dev.warren.tunnel;

import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.StreamKind;
import dev.warren.tunnel.TunnelException.Stage;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;

/// A tunnel stream on a QUIC stream: its header goes with the first write, and the peer's answer to
/// it is taken off the first read.
final class QuicStream extends TunnelStream {
  private static final byte[] NOTHING = {};

  /// Most bytes of the first write that leave together with the header.
  private static final int WITH_HEADER_BYTES = 16 * 1024;

  private final QuicPipe pipe;
  private final NodeId peer;
  private final StreamKind kind;
  private final String target;
  private final boolean dialed;
  private final InputStream input = new Input();
  private final OutputStream output = new Output();
  private final Object headerLock = new Object();

  /// What has to go before the first byte; empty when it has gone.
  private volatile byte[] header;

  /// Whether the peer has said that it serves this stream. Reader's thread.
  private boolean served;

  private volatile long readTimeoutNanos;

  private QuicStream(
      QuicPipe pipe, NodeId peer, StreamKind kind, String target, boolean dialed, byte[] header) {
    this.pipe = pipe;
    this.peer = peer;
    this.kind = kind;
    this.target = target;
    this.dialed = dialed;
    this.header = header;
    this.served = !dialed;
  }

  static QuicStream opened(QuicPipe pipe, NodeId peer, StreamKind kind, String target) {
    return new QuicStream(pipe, peer, kind, target, true, StreamHeader.open(kind.code(), target));
  }

  static QuicStream accepted(QuicPipe pipe, NodeId peer, StreamKind kind, String target) {
    return new QuicStream(pipe, peer, kind, target, false, new byte[] {StreamHeader.SERVED});
  }

  @Override
  public NodeId peer() {
    return peer;
  }

  @Override
  public StreamKind kind() {
    return kind;
  }

  @Override
  public String target() {
    return target;
  }

  @Override
  public InputStream input() {
    return input;
  }

  @Override
  public OutputStream output() {
    return output;
  }

  @Override
  public void readTimeout(Duration timeout) {
    if (timeout.isNegative()) {
      throw new IllegalArgumentException("a read timeout is zero or more, not " + timeout);
    }
    readTimeoutNanos = timeout.toNanos();
  }

  @Override
  public void accept() throws IOException {
    sendHeader(NOTHING, 0, 0);
  }

  @Override
  public void refuse(String reason) throws IOException {
    String cut = reason.length() > 300 ? reason.substring(0, 300) : reason;
    synchronized (headerLock) {
      if (dialed || header.length == 0) {
        throw new IllegalStateException("too late to refuse this stream");
      }
      header = StreamHeader.refused(cut);
    }
    sendHeader(NOTHING, 0, 0);
    shutdownOutput();
  }

  @Override
  public void shutdownOutput() throws IOException {
    sendHeader(NOTHING, 0, 0);
    pipe.finish();
  }

  @Override
  public void reset() {
    pipe.reset();
  }

  @Override
  public void close() {
    try {
      sendHeader(NOTHING, 0, 0);
    } catch (IOException e) {
      // Broken already: there is nobody to tell.
    }
    pipe.close();
  }

  @Override
  public String toString() {
    return "%s stream %s %s%s"
        .formatted(
            kind, dialed ? "to" : "from", peer.brief(), target.isEmpty() ? "" : " " + target);
  }

  /// Sends the header, if it is still here, with the first of these bytes behind it.
  ///
  /// @return how many of the bytes have gone too
  private int sendHeader(byte[] from, int offset, int length) throws IOException {
    if (header.length == 0) {
      return 0;
    }
    synchronized (headerLock) {
      byte[] first = header;
      if (first.length == 0) {
        return 0;
      }
      int count = Math.min(length, WITH_HEADER_BYTES);
      byte[] both = Arrays.copyOf(first, first.length + count);
      System.arraycopy(from, offset, both, first.length, count);
      // The first write of a stream never waits: nothing is unsent yet.
      pipe.write(both, 0, both.length);
      // Only now: whoever sees it gone writes behind it.
      header = NOTHING;
      return count;
    }
  }

  /// Takes the peer's answer off the input.
  private void awaitServed() throws IOException {
    sendHeader(NOTHING, 0, 0);
    byte[] one = new byte[1];
    if (pipe.read(one, 0, 1, readTimeoutNanos) < 0) {
      throw new EOFException("%s: the peer ended it without a word".formatted(this));
    }
    if (one[0] != StreamHeader.SERVED) {
      throw new TunnelException(Stage.REFUSED, readText(pipe, readTimeoutNanos));
    }
    served = true;
  }

  /// Reads a length and so many bytes of text.
  static String readText(QuicPipe pipe, long timeoutNanos) throws IOException {
    byte[] length = new byte[2];
    readFully(pipe, length, timeoutNanos);
    byte[] text = new byte[((length[0] & 0xff) << 8) | (length[1] & 0xff)];
    if (text.length > Limits.TEXT_BYTES) {
      throw new TunnelException(
          Stage.STREAM, "a header of %d bytes from the peer".formatted(text.length));
    }
    readFully(pipe, text, timeoutNanos);
    return new String(text, StandardCharsets.UTF_8);
  }

  static void readFully(QuicPipe pipe, byte[] into, long timeoutNanos) throws IOException {
    for (int at = 0; at < into.length; ) {
      int count = pipe.read(into, at, into.length - at, timeoutNanos);
      if (count < 0) {
        throw new EOFException("the stream ended within its header");
      }
      at += count;
    }
  }

  private final class Input extends InputStream {
    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, into.length);
      if (!served) {
        awaitServed();
      }
      return pipe.read(into, offset, length, readTimeoutNanos);
    }

    @Override
    public int available() {
      return served ? pipe.available() : 0;
    }
  }

  private final class Output extends OutputStream {
    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, from.length);
      int gone = sendHeader(from, offset, length);
      pipe.write(from, offset + gone, length - gone);
    }

    /// Sends the header, if nothing was written yet: the peer can begin.
    @Override
    public void flush() throws IOException {
      sendHeader(NOTHING, 0, 0);
    }

    @Override
    public void close() throws IOException {
      shutdownOutput();
    }
  }
}
