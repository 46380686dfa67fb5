package dev.warren.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;

/// Reads what `seq 1 N` prints on a terminal, and checks each byte of it.
final class SeqReader implements Predicate<ByteBuffer> {
  /// Stands before the first number, alone on its line; the command line itself does not hold it.
  private static final byte[] BEGIN = "begin\r\n".getBytes(StandardCharsets.US_ASCII);

  private final int last;
  private int matched;
  private int number;
  private byte[] line = new byte[0];
  private int at;
  private long bytes;
  private long beganNanos;
  private long endedNanos;

  SeqReader(int last) {
    this.last = last;
  }

  String command() {
    return "printf 'be%%s\\n' gin; seq 1 %d".formatted(last);
  }

  /// @return whether the last number has come
  @Override
  public boolean test(ByteBuffer data) {
    while (data.hasRemaining() && !isOver()) {
      byte next = data.get();
      if (matched < BEGIN.length) {
        matched = next == BEGIN[matched] ? matched + 1 : next == BEGIN[0] ? 1 : 0;
        if (matched == BEGIN.length) {
          beganNanos = System.nanoTime();
          advance();
        }
        continue;
      }
      if (next != line[at]) {
        throw new IllegalStateException("byte %d of line %d is wrong".formatted(at, number));
      }
      bytes++;
      at++;
      if (at == line.length) {
        advance();
      }
    }
    return isOver();
  }

  private void advance() {
    number++;
    at = 0;
    line = (number + "\r\n").getBytes(StandardCharsets.US_ASCII);
    if (isOver()) {
      endedNanos = System.nanoTime();
    }
  }

  private boolean isOver() {
    return number > last;
  }

  /// From the first number to the last.
  double seconds() {
    return (endedNanos - beganNanos) / 1e9;
  }

  double megabytes() {
    return bytes / 1e6;
  }
}
