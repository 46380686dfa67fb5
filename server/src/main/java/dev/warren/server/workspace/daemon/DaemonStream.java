package dev.warren.server.workspace.daemon;

import dev.warren.tunnel.TunnelStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;

/// One stream to a daemon's HTTP API, for one request.
public interface DaemonStream extends AutoCloseable {
  InputStream input();

  OutputStream output();

  /// A read that waits longer throws `SocketTimeoutException`.
  void readTimeout(Duration timeout);

  /// Gives up what was not read.
  @Override
  void close();

  /// Opens streams to one daemon.
  @FunctionalInterface
  interface Opener {
    /// @param within for all of it, dialing too
    DaemonStream open(Duration within) throws IOException, InterruptedException;
  }

  /// A stream of the tunnel.
  record OverTunnel(TunnelStream stream) implements DaemonStream {
    @Override
    public InputStream input() {
      return stream.input();
    }

    @Override
    public OutputStream output() {
      return stream.output();
    }

    @Override
    public void readTimeout(Duration timeout) {
      stream.readTimeout(timeout);
    }

    @Override
    public void close() {
      stream.close();
    }
  }
}
