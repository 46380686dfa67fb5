package dev.warren.tunnel.relay;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;

/// What one node may send by the relay: bytes that come back at a steady rate. A message that comes
/// to nothing costs [#WASTE] times its bytes, so that a flood which nobody takes is slowed down to
/// little, and a transfer at full speed is not. The same goes for what a node sends without being
/// sent anything: QUIC is answered long before [#UNANSWERED_BYTES]. A node with a debt is not read
/// from until it is paid; its own TCP connection tells it to wait. Any thread: what overflows is
/// charged by whoever pushed it out.
final class SendBudget {
  /// What a byte costs that is dropped, beside one that is forwarded.
  static final int WASTE = 16;

  /// More than the largest window of a QUIC connection (24 MiB).
  static final int UNANSWERED_BYTES = 32 * 1024 * 1024;

  /// Seconds' worth of bytes that may go at once, and that may be owed.
  private static final double BURST_SECONDS = 0.25;

  private final double perNano;
  private final double most;

  @GuardedBy("this")
  private double bytes;

  @GuardedBy("this")
  private long filledNanos;

  /// Bytes sent since something was sent to the node; a lost count does no harm.
  private volatile long unanswered;

  SendBudget(long bytesPerSecond, long nowNanos) {
    this.perNano = bytesPerSecond / 1e9;
    this.most = bytesPerSecond * BURST_SECONDS;
    this.bytes = most;
    this.filledNanos = nowNanos;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // see there
  void sent(long count) {
    unanswered += count;
    charge(unanswered > UNANSWERED_BYTES ? (double) WASTE * count : count);
  }

  /// Somebody sent the node something.
  void answered() {
    if (unanswered != 0) {
      unanswered = 0;
    }
  }

  void wasted(long count) {
    charge((double) WASTE * count);
  }

  /// How long to read nothing from the node.
  synchronized Duration debt(long nowNanos) {
    if (nowNanos > filledNanos) {
      bytes = Math.min(most, bytes + (nowNanos - filledNanos) * perNano);
      filledNanos = nowNanos;
    }
    return bytes >= 0 ? Duration.ZERO : Duration.ofNanos((long) (-bytes / perNano) + 1);
  }

  private synchronized void charge(double cost) {
    bytes = Math.max(-most, bytes - cost);
  }
}
