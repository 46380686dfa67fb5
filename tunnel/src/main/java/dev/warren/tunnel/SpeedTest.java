package dev.warren.tunnel;

import dev.warren.protocol.tunnel.StreamKind;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Locale;

/// How fast bulk passes between two nodes. The opener asks (stream kind `speedtest`) with a target
/// that is a [Direction]; every node answers by itself. Downwards the acceptor sends until the
/// opener breaks the stream off; upwards it reads to the end and answers with the count, eight
/// bytes.
public final class SpeedTest {
  /// Which way the bytes go, as the opener sees it.
  public enum Direction {
    DOWN,
    UP;

    /// Its name as a stream's target and in JSON.
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// What was measured.
  ///
  /// @param took from the first byte to the last one's arrival
  public record Result(Direction direction, long bytes, Duration took) {
    /// Megabytes (10⁶) a second.
    public double megabytesPerSecond() {
      return bytes / 1e6 / Math.max(1e-9, took.toNanos() / 1e9);
    }
  }

  /// Longest test that an acceptor takes part in.
  public static final Duration MAX = Duration.ofSeconds(30);

  private static final int BLOCK_BYTES = 64 * 1024;

  private SpeedTest() {}

  /// Runs a test over this connection.
  ///
  /// @param lasting at most [#MAX]; the answer comes a little later
  public static Result run(TunnelConnection connection, Direction direction, Duration lasting)
      throws IOException, InterruptedException {
    if (lasting.isNegative() || lasting.isZero() || lasting.compareTo(MAX) > 0) {
      throw new IllegalArgumentException(
          "a speed test lasts up to %d s, not %s".formatted(MAX.toSeconds(), lasting));
    }
    TunnelStream stream =
        connection.openStream(StreamKind.SPEEDTEST, direction.toString(), Limits.DIAL);
    try {
      stream.readTimeout(lasting.plus(Limits.DIAL));
      return switch (direction) {
        case DOWN -> down(stream, lasting);
        case UP -> up(stream, lasting);
      };
    } finally {
      stream.reset();
    }
  }

  /// The acceptor's side.
  static void serve(TunnelStream stream) throws IOException {
    switch (stream.target()) {
      case "down" -> fill(stream.output(), MAX);
      case "up" -> {
        stream.accept();
        long bytes = drain(stream, MAX.multipliedBy(2));
        new DataOutputStream(stream.output()).writeLong(bytes);
      }
      default -> stream.refuse("a speed test goes down or up, not " + stream.target());
    }
  }

  private static Result down(TunnelStream stream, Duration lasting) throws IOException {
    byte[] block = new byte[BLOCK_BYTES];
    long bytes = Math.max(0, stream.input().read(block));
    // From here: the first bytes waited for the stream's opening.
    long began = System.nanoTime();
    long counted = 0;
    while (System.nanoTime() - began < lasting.toNanos()) {
      int count = stream.input().read(block);
      if (count < 0) {
        break;
      }
      counted += count;
    }
    return new Result(
        Direction.DOWN,
        counted == 0 ? bytes : counted,
        Duration.ofNanos(System.nanoTime() - began));
  }

  private static Result up(TunnelStream stream, Duration lasting) throws IOException {
    long began = System.nanoTime();
    fill(stream.output(), lasting);
    stream.shutdownOutput();
    long bytes = new DataInputStream(stream.input()).readLong();
    return new Result(Direction.UP, bytes, Duration.ofNanos(System.nanoTime() - began));
  }

  /// The reader breaks the stream off when it has enough.
  private static void fill(OutputStream out, Duration lasting) throws IOException {
    byte[] block = new byte[BLOCK_BYTES];
    long began = System.nanoTime();
    while (System.nanoTime() - began < lasting.toNanos()) {
      out.write(block);
    }
  }

  private static long drain(TunnelStream stream, Duration atMost) throws IOException {
    byte[] block = new byte[BLOCK_BYTES];
    long began = System.nanoTime();
    long bytes = 0;
    while (System.nanoTime() - began < atMost.toNanos()) {
      int count = stream.input().read(block);
      if (count < 0) {
        break;
      }
      bytes += count;
    }
    return bytes;
  }
}
