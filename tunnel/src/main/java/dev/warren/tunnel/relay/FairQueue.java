package dev.warren.tunnel.relay;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Messages that wait for one receiver: a queue for each sender, which take turns of equal bytes
/// (deficit round robin: Shreedhar and Varghese, SIGCOMM 1995), so that a sender of much does not
/// hold up one of little. Not thread-safe.
final class FairQueue {
  /// One sender's messages, the oldest first.
  private static final class Flow {
    final SendBudget sender;
    final ArrayDeque<ByteBuffer> messages = new ArrayDeque<>();
    long bytes;

    /// Bytes that it may still take in its turn.
    int deficit;

    Flow(SendBudget sender) {
      this.sender = sender;
    }
  }

  private final int turnBytes;
  private final Map<SendBudget, Flow> flows = new HashMap<>();

  /// Those with messages; whose turn it is comes first.
  private final ArrayDeque<Flow> turns = new ArrayDeque<>();

  private long bytes;
  private int messages;

  /// @param turnBytes what a sender gets in a turn; a message may not be longer
  FairQueue(int turnBytes) {
    this.turnBytes = turnBytes;
  }

  void add(SendBudget sender, ByteBuffer message) {
    Flow flow = flows.get(sender);
    if (flow == null) {
      flow = new Flow(sender);
      flows.put(sender, flow);
      turns.add(flow);
    }
    flow.messages.add(message);
    flow.bytes += message.remaining();
    bytes += message.remaining();
    messages++;
  }

  /// What [#remove] would give, or null when nothing waits.
  @Nullable ByteBuffer peek() {
    Flow flow = next();
    return flow == null ? null : flow.messages.peek();
  }

  /// Takes the next message; there must be one.
  ByteBuffer remove() {
    Flow flow = next();
    if (flow == null) {
      throw new IllegalStateException("nothing waits");
    }
    ByteBuffer message = take(flow);
    flow.deficit -= message.remaining();
    return message;
  }

  /// Takes away the oldest message of the sender that has most of them, in bytes, and charges it.
  void drop() {
    Flow largest = turns.stream().max(Comparator.comparingLong(flow -> flow.bytes)).orElseThrow();
    largest.sender.wasted(take(largest).remaining());
  }

  int size() {
    return messages;
  }

  long bytes() {
    return bytes;
  }

  /// Whose turn it is, with enough left of it for its next message.
  private @Nullable Flow next() {
    Flow flow = turns.peek();
    while (flow != null && flow.deficit < flow.messages.getFirst().remaining()) {
      flow.deficit += turnBytes;
      turns.add(turns.remove());
      flow = turns.peek();
    }
    return flow;
  }

  private ByteBuffer take(Flow flow) {
    ByteBuffer message = flow.messages.remove();
    flow.bytes -= message.remaining();
    bytes -= message.remaining();
    messages--;
    if (flow.messages.isEmpty()) {
      flows.remove(flow.sender);
      turns.remove(flow);
    }
    return message;
  }
}
