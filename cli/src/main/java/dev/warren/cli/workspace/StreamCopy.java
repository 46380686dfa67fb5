package dev.warren.cli.workspace;

import dev.warren.tunnel.TunnelStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/// Bytes both ways between a tunnel's stream and two others, until the tunnel's end.
final class StreamCopy {
  private static final int BUFFER_BYTES = 64 * 1024;

  private StreamCopy() {}

  /// Half-closes are passed on each way. Returns when the far end has said all; what the near end
  /// still has is then of no use. The near input is read on a platform thread that may be stuck in
  /// a read for ever.
  ///
  /// @param nearEnd what to do when the far end has ended, before this returns
  /// @return why it ended early
  static Optional<IOException> run(
      TunnelStream far, InputStream in, OutputStream out, NearEnd nearEnd) {
    Thread.ofPlatform()
        .daemon()
        .name("copy-up")
        .start(() -> {
          try {
            pump(in, far.output());
            far.shutdownOutput();
          } catch (IOException e) {
            // Reading failed: our side is gone. Writing failed: the other side's reads tell.
            far.reset();
          }
        });
    try {
      pump(far.input(), out);
      nearEnd.close();
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(e);
    }
  }

  /// Closes what was written to.
  @FunctionalInterface
  interface NearEnd {
    void close() throws IOException;
  }

  private static void pump(InputStream in, OutputStream out) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    out.flush();
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      out.write(buffer, 0, read);
      out.flush();
    }
  }
}
