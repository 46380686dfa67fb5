package dev.warren.server.workspace.daemon;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;

/// A stream's input that ends at a moment, however slowly it drips.
final class DeadlineInput extends InputStream {
  private final DaemonStream stream;
  private final long deadlineNanos;

  DeadlineInput(DaemonStream stream, Duration within) {
    this.stream = stream;
    this.deadlineNanos = System.nanoTime() + within.toNanos();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    long leftMs = (deadlineNanos - System.nanoTime()) / 1_000_000;
    if (leftMs <= 0) {
      throw new SocketTimeoutException("the time for the answer is over");
    }
    stream.readTimeout(Duration.ofMillis(leftMs));
    return stream.input().read(target, offset, length);
  }
}
