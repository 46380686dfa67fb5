package dev.warren.tunnel.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.Coordination;
import dev.warren.protocol.tunnel.RelayMessage;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Whatever a node sends: the relay forwards what fits, drops or closes, gives every buffer back,
/// and goes on. `-Dwarren.fuzz.seconds=600` runs it for so long.
@Timeout(1_200)
final class FrameFuzzTest {
  private static final long SECONDS = Long.getLong("warren.fuzz.seconds", 2);
  private static final List<String> SEEDS =
      List.of(
          new Coordination.Meet(
                  new NodeId("ab".repeat(32)), true, "A".repeat(43) + "=", List.of("192.0.2.7:1"))
              .toJson(),
          new Coordination.Presence(new NodeId("cd".repeat(32)), Optional.of(UUID.randomUUID()))
              .toJson(),
          new Coordination.Restarting(7).toJson());

  @Test
  void noFrameBreaksTheRelay() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    long end = System.nanoTime() + SECONDS * 1_000_000_000L;
    try (Relay relay =
        new Relay(
            RelaySettings.of(new NodeId("11".repeat(32)))
                .with(new RelaySettings.Direct(true, Optional.of(1))),
            new Everyone())) {
      Sink one = new Sink();
      NodeId oneId = id(random);
      Sink other = new Sink();
      NodeId otherId = id(random);
      relay.approve(
          new Approval(
              oneId, otherId, java.util.Set.of(dev.warren.protocol.tunnel.StreamKind.HTTP)));
      RelaySession session = relay.openOwn(oneId, UUID.randomUUID(), 1, one);
      relay.openOwn(otherId, UUID.randomUUID(), 1, other);
      int sent = 0;
      AtomicInteger released = new AtomicInteger();
      while (System.nanoTime() < end) {
        if (random.nextInt(3) == 0) {
          session.text(mutate(SEEDS.get(random.nextInt(SEEDS.size())), random));
          if (one.closed) {
            one = new Sink();
            session = relay.openOwn(oneId, UUID.randomUUID(), 1, one);
          }
          continue;
        }
        byte[] bytes = new byte[random.nextInt(400)];
        random.nextBytes(bytes);
        if (bytes.length >= RelayMessage.ID_BYTES && random.nextBoolean()) {
          System.arraycopy(otherId.bytes(), 0, bytes, 0, RelayMessage.ID_BYTES);
        }
        sent++;
        session.binary(ByteBuffer.wrap(bytes), released::incrementAndGet);
        session.burstEnd();
      }
      assertThat(released).as("seed %d: buffers given back", seed).hasValue(sent);
      assertThat(other.messages).as("seed %d: what fits is forwarded", seed).isPositive();
    }
  }

  private static NodeId id(Random random) {
    byte[] bytes = new byte[RelayMessage.ID_BYTES];
    random.nextBytes(bytes);
    return NodeId.of(bytes);
  }

  private static String mutate(String text, Random random) {
    StringBuilder changed = new StringBuilder(text);
    for (int i = random.nextInt(4); i > 0 && !changed.isEmpty(); i--) {
      int at = random.nextInt(changed.length());
      switch (random.nextInt(4)) {
        case 0 -> changed.deleteCharAt(at);
        case 1 -> changed.insert(at, (char) random.nextInt(0x3000));
        case 2 -> changed.setCharAt(at, "{}[]\",:\\0-e".charAt(random.nextInt(11)));
        default -> changed.setLength(at);
      }
    }
    return changed.toString();
  }

  /// A link that takes all.
  private static final class Sink implements RelayLink {
    volatile boolean closed;
    int messages;

    @Override
    public boolean send(ByteBuffer message, Runnable releasing) {
      messages++;
      releasing.run();
      return true;
    }

    @Override
    public void flush() {}

    @Override
    public void sendText(String text) {
      // What the relay passes on, a receiver has to be able to read.
      assertThat(Coordination.parse(text)).isNotNull();
    }

    @Override
    public void ping() {}

    @Override
    public void close(int code, String reason) {
      closed = true;
    }
  }

  private static final class Everyone implements Admission {
    @Override
    public Decision admit(AttachRequest request) {
      return new Decision.Admitted(List.of());
    }

    @Override
    public void attached(AttachRequest request) {}

    @Override
    public void detached(AttachRequest request) {}
  }
}
