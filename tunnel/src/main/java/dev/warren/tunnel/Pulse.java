package dev.warren.tunnel;

import java.util.concurrent.TimeUnit;

/// Whether a WebSocket to the relay still carries bytes, judged by what was sent and heard. Without
/// a clock, a socket or a thread.
///
/// TCP alone notices late: into a path that has died it sends again for a quarter of an hour.
final class Pulse {
  /// What is to be done now.
  enum Due {
    NOTHING,
    PING,
    CUT
  }

  private long heardNanos;
  private boolean sent;
  private long sentNanos;
  private boolean suspected;
  private boolean pinged;
  private long pingedNanos;

  Pulse(long now) {
    heardNanos = now;
  }

  /// Bytes came.
  void heard(long now) {
    heardNanos = now;
    sent = false;
    suspected = false;
    pinged = false;
  }

  /// Datagrams left, which the peer will acknowledge sooner or later.
  void sent(long now) {
    if (!sent) {
      sent = true;
      sentNanos = now;
    }
  }

  /// Something has happened to the network: it is asked at once.
  void suspect() {
    suspected = true;
  }

  /// How long nothing was heard.
  long silentSeconds(long now) {
    return TimeUnit.NANOSECONDS.toSeconds(now - heardNanos);
  }

  /// What is due; a ping counts as sent.
  Due due(long now) {
    if (now - heardNanos > Limits.RELAY_SILENCE.toNanos()
        || (pinged && now - pingedNanos >= Limits.RELAY_ANSWER.toNanos())) {
      return Due.CUT;
    }
    if (!pinged && (suspected || (sent && now - sentNanos >= Limits.RELAY_UNANSWERED.toNanos()))) {
      pinged = true;
      pingedNanos = now;
      return Due.PING;
    }
    return Due.NOTHING;
  }
}
