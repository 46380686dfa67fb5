package dev.warren.tunnel.path;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// One address at which a peer may be reached, and what pinging it has shown.
final class Candidate {
  /// Pings that are remembered unanswered.
  private static final int UNANSWERED_MAX = 16;

  /// Weight of a new round trip time in the average, as a divisor.
  private static final int RTT_SHARE = 4;

  private record Sent(long atNanos, int bytes) {}

  final InetSocketAddress address;
  private final Map<Long, Sent> unanswered = new LinkedHashMap<>();

  /// Whether a ping has left since the last sign of life, and when the first one did.
  private boolean waiting;

  private long waitingSinceNanos;
  private boolean alive;
  private long heardNanos;
  private boolean sealed;
  private long sealedNanos;
  private boolean pinged;
  private long pingedNanos;
  private long rttNanos;
  private int answers;

  Candidate(InetSocketAddress address) {
    this.address = address;
  }

  /// @param counts whether silence after it means anything: a larger size than before is only tried
  void sent(long sequence, int bytes, boolean counts, long now) {
    unanswered.put(sequence, new Sent(now, bytes));
    if (unanswered.size() > UNANSWERED_MAX) {
      unanswered.remove(unanswered.keySet().iterator().next());
    }
    if (!waiting && counts) {
      waiting = true;
      waitingSinceNanos = now;
    }
    pinged = true;
    pingedNanos = now;
  }

  /// A ping's answer came.
  ///
  /// @return the ping's size, or 0 when there was no such ping
  int answered(long sequence, long now) {
    Sent sent = unanswered.remove(sequence);
    if (sent == null) {
      return 0;
    }
    long took = Math.max(1, now - sent.atNanos());
    rttNanos = answers == 0 ? took : rttNanos + (took - rttNanos) / RTT_SHARE;
    answers++;
    sealed(now);
    return sent.bytes();
  }

  /// Something that only the peer can have made came from here.
  void sealed(long now) {
    sealed = true;
    sealedNanos = now;
    heard(now);
  }

  /// A datagram came from here.
  void heard(long now) {
    if (sealed && now - sealedNanos < PathTimes.SEALED.toNanos()) {
      alive = true;
      heardNanos = now;
      waiting = false;
    }
  }

  /// What was known of it counts no more; its address stays.
  void doubt() {
    alive = false;
    answers = 0;
    unanswered.clear();
    waiting = false;
  }

  /// Whether pings to it have been answered, so that datagrams pass both ways.
  boolean isProven() {
    return answers > 0;
  }

  /// Whether the peer itself has spoken from here.
  boolean isAuthentic() {
    return sealed;
  }

  boolean isTrusted(long now) {
    return alive && now - heardNanos < PathTimes.TRUST.toNanos();
  }

  /// Whether a ping waits for longer than it should, with nothing heard since.
  boolean isInDoubt(long now) {
    return !isTrusted(now)
        || (waiting && now - waitingSinceNanos > Math.max(PathTimes.DOUBT.toNanos(), 4 * rttNanos));
  }

  boolean isPingDue(Duration every, long now) {
    return !pinged || now - pingedNanos >= every.toNanos();
  }

  long heardNanos() {
    return heardNanos;
  }

  long rttNanos() {
    return rttNanos;
  }

  int answers() {
    return answers;
  }
}
