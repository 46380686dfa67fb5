package dev.warren.tunnel;

import java.util.concurrent.atomic.LongAdder;

/// What a node counts of its ways; any thread.
final class PathCounters {
  private final LongAdder directSentBytes = new LongAdder();
  private final LongAdder directReceivedBytes = new LongAdder();
  private final LongAdder relaySentBytes = new LongAdder();
  private final LongAdder relayReceivedBytes = new LongAdder();
  private final LongAdder switches = new LongAdder();
  private final LongAdder strange = new LongAdder();
  private final LongAdder unsendable = new LongAdder();

  void directSent(int bytes) {
    directSentBytes.add(bytes);
  }

  void directReceived(int bytes) {
    directReceivedBytes.add(bytes);
  }

  void relaySent(int bytes) {
    relaySentBytes.add(bytes);
  }

  void relayReceived(int bytes) {
    relayReceivedBytes.add(bytes);
  }

  void switched() {
    switches.increment();
  }

  /// A datagram from nobody that is known, or that makes no sense.
  void strange() {
    strange.increment();
  }

  /// A datagram that found no way out.
  void unsendable() {
    unsendable.increment();
  }

  NodeStats stats() {
    return new NodeStats(
        directSentBytes.sum(),
        directReceivedBytes.sum(),
        relaySentBytes.sum(),
        relayReceivedBytes.sum(),
        switches.sum(),
        strange.sum(),
        unsendable.sum());
  }
}
