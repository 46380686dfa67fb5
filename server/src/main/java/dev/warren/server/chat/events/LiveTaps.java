package dev.warren.server.chat.events;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The ears of other replicas at one chat. Not thread-safe: its [ChatFeed] guards it.
final class LiveTaps {
  private final List<LiveTap> taps = new ArrayList<>();
  private long afterVersion;
  private long lease;

  boolean isEmpty() {
    return taps.isEmpty();
  }

  void begin(LiveMessage message, long following, long under) {
    afterVersion = following;
    lease = under;
    if (!taps.isEmpty()) {
      tell(LiveUpdate.began(message, following, under));
    }
  }

  void grew(LiveMessage message, List<LiveMessage.Piece> pieces) {
    if (!taps.isEmpty()) {
      for (LiveMessage.Piece piece : pieces) {
        tell(new LiveUpdate.Grew(message.id().value(), LiveUpdate.Piece.of(piece)));
      }
    }
  }

  void tell(LiveUpdate update) {
    for (LiveTap tap : taps) {
      tap.offer(update);
    }
  }

  /// @param own the message that is written here
  void add(LiveTap tap, Optional<LiveMessage> own) {
    taps.add(tap);
    tap.offer(
        own.map(live -> LiveUpdate.began(live, afterVersion, lease)).orElse(new LiveUpdate.Idle()));
  }

  void remove(LiveTap tap) {
    taps.remove(tap);
  }
}
