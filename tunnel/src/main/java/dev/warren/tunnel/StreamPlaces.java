package dev.warren.tunnel;

import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.StreamKind;
import dev.warren.tunnel.TunnelException.Stage;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// How many streams this end may have open on one connection. Those that people keep open, for
/// hours perhaps, leave places for requests: however many look on, an agent's tools go on.
final class StreamPlaces {
  private final Semaphore all = new Semaphore(Limits.STREAMS_TO_PEER, true);
  private final Semaphore lasting = new Semaphore(Limits.LASTING_STREAMS_TO_PEER, true);

  /// A stream's place, until it is closed, once.
  final class Place implements AutoCloseable {
    private final boolean lasts;

    private Place(boolean lasts) {
      this.lasts = lasts;
    }

    @Override
    public void close() {
      all.release();
      if (lasts) {
        lasting.release();
      }
    }
  }

  /// Waits for a place.
  Place take(StreamKind kind, NodeId peer, Duration deadline)
      throws TunnelException, InterruptedException {
    long end = System.nanoTime() + deadline.toNanos();
    boolean lasts = lasts(kind);
    if (lasts && !lasting.tryAcquire(deadline.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new TunnelException(
          Stage.OPEN,
          ("%d terminals, ssh connections and forwarded ones to %s are open already, and none ended"
                  + " within %d ms: close some of them")
              .formatted(Limits.LASTING_STREAMS_TO_PEER, peer.brief(), deadline.toMillis()));
    }
    boolean taken = false;
    try {
      taken = all.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS);
    } finally {
      if (!taken && lasts) {
        lasting.release();
      }
    }
    if (!taken) {
      throw new TunnelException(
          Stage.OPEN,
          "%d streams to %s are open already, and none ended within %d ms"
              .formatted(Limits.STREAMS_TO_PEER, peer.brief(), deadline.toMillis()));
    }
    return new Place(lasts);
  }

  private static boolean lasts(StreamKind kind) {
    return switch (kind) {
      case SSH, TERMINAL, TCP -> true;
      case HTTP, PING, SPEEDTEST -> false;
    };
  }
}
