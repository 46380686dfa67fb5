package dev.warren.tunnel.relay;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/// What the relay counts; any thread.
final class Counters {
  private final LongAdder messages = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final Map<DropReason, LongAdder> dropped = new EnumMap<>(DropReason.class);

  Counters() {
    for (DropReason reason : DropReason.values()) {
      dropped.put(reason, new LongAdder());
    }
  }

  void forwarded(int messageBytes) {
    messages.increment();
    bytes.add(messageBytes);
  }

  void dropped(DropReason reason) {
    LongAdder counter = dropped.get(reason);
    if (counter != null) {
      counter.increment();
    }
  }

  RelayStats stats(int attached, int handshaking) {
    Map<DropReason, Long> drops = new EnumMap<>(DropReason.class);
    dropped.forEach((reason, counter) -> drops.put(reason, counter.sum()));
    return new RelayStats(attached, handshaking, messages.sum(), bytes.sum(), drops);
  }
}
