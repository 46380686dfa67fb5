package dev.warren.tunnel;

import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.StreamKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;

/// A byte stream each way to a peer, for blocking use by one reader and one writer. Both block with
/// back-pressure: a writer waits when the peer does not read. Interruption ends a wait with
/// `InterruptedIOException`. The peer's refusal shows as a [TunnelException] (stage `refused`, with
/// its reason) at the first read.
public abstract sealed class TunnelStream implements AutoCloseable permits QuicStream {
  public abstract NodeId peer();

  public abstract StreamKind kind();

  /// What of this kind is meant, such as `127.0.0.1:8080`; may be empty.
  public abstract String target();

  /// What the peer sends; its end is the peer's half-close.
  public abstract InputStream input();

  /// What goes to the peer; unbuffered, so write in pieces of some KiB. An opened stream reaches
  /// the peer with the first write, flush or read. Closing it is [#shutdownOutput].
  public abstract OutputStream output();

  /// How long one read may wait; zero, the default, is for ever. A read that waited so long throws
  /// `SocketTimeoutException` and may be tried again.
  public abstract void readTimeout(Duration timeout);

  /// On the accepting side: tells the opener that it is served, before the first byte is written.
  /// (The first write says so too.)
  public abstract void accept() throws IOException;

  /// On the accepting side, before anything was written: says why not, and ends the stream.
  public abstract void refuse(String reason) throws IOException;

  /// Half-close: the peer reads to its end; this side can still read.
  public abstract void shutdownOutput() throws IOException;

  /// Breaks the stream off, both ways: the peer's reads and writes fail.
  public abstract void reset();

  /// Finishes the output, and gives up on input that was not read.
  @Override
  public abstract void close();
}
