package dev.warren.tunnel;

import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamPriority;

/// Which streams of a connection go first: one that has had bytes waiting for long is a bulk
/// transfer, and lets the others pass until it pauses. On the event loop.
@SuppressWarnings("FutureReturnValueIgnored") // a stream that is gone has no urgency
final class Urgency {
  /// Less goes first; streams of the same urgency take turns.
  private static final QuicStreamPriority USUAL = new QuicStreamPriority(63, true);

  private static final QuicStreamPriority BULK = new QuicStreamPriority(127, true);

  private final QuicStreamChannel channel;
  private long burstBytes;

  /// As QUIC has it: every stream begins with 127.
  private boolean bulk = true;

  Urgency(QuicStreamChannel channel) {
    this.channel = channel;
  }

  /// The stream is there.
  void begin() {
    set(false);
  }

  /// Bytes have been handed to QUIC.
  ///
  /// @param more whether others wait behind them
  void sent(int bytes, boolean more) {
    if (!more) {
      burstBytes = 0;
      set(false);
      return;
    }
    burstBytes += bytes;
    if (burstBytes > Limits.BURST_BYTES) {
      set(true);
    }
  }

  private void set(boolean isBulk) {
    if (bulk != isBulk) {
      bulk = isBulk;
      channel.updatePriority(isBulk ? BULK : USUAL);
    }
  }
}
