package dev.warren.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.protocol.tunnel.StreamKind;
import dev.warren.tunnel.LossyPath.Weather;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every byte arrives once and in order, whatever a seed does to the messages on their way.
@Timeout(120)
final class LossyLinkTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int BYTES = 1_500_000;
  private static final byte STREAMS = 50;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyByteArrivesOnceAndInOrder(long seed) throws Exception {
    byte[] sent = new byte[BYTES];
    new Random(seed).nextBytes(sent);
    across(
        new Weather((int) (seed % 4), 3, 10),
        seed,
        stream -> stream.input().transferTo(stream.output()),
        connection -> {
          try (TunnelStream stream = connection.openStream(StreamKind.HTTP, "", SOON)) {
            Thread writer = Thread.startVirtualThread(() -> write(stream, sent));
            assertThat(stream.input().readAllBytes()).isEqualTo(sent);
            writer.join();
          }
        });
  }

  /// The end alone, after all bytes are acknowledged, is what QUIC's library forgets.
  @Test
  void anEndThatIsLostComesAgain() throws Exception {
    across(
        new Weather(20, 0, 0),
        9,
        stream -> {
          stream.input().readAllBytes();
          stream.output().write(STREAMS);
        },
        connection -> {
          for (int i = 0; i < STREAMS; i++) {
            try (TunnelStream stream = connection.openStream(StreamKind.HTTP, "", SOON)) {
              stream.readTimeout(SOON);
              stream.shutdownOutput();
              assertThat(stream.input().readAllBytes()).containsExactly(STREAMS);
            }
          }
        });
  }

  private interface Client {
    void use(TunnelConnection connection) throws Exception;
  }

  private static void across(Weather weather, long seed, StreamAcceptor server, Client client)
      throws Exception {
    try (TestRelay relay = new TestRelay();
        TunnelNode dialer =
            new TunnelNode(
                NodeIdentity.generate(),
                StreamAcceptor.NONE,
                DirectSettings.OFF,
                path -> new LossyPath(path, seed, weather));
        TunnelNode target =
            new TunnelNode(
                NodeIdentity.generate(),
                server,
                DirectSettings.OFF,
                path -> new LossyPath(path, seed + 1000, weather))) {
      dialer.start();
      target.start();
      relay.approve(dialer.id(), target.id(), StreamKind.HTTP);
      dialer.attach(relay.endpoint());
      target.attach(relay.endpoint());
      client.use(dialer.connection(target.id(), SOON));
    }
  }

  private static void write(TunnelStream stream, byte[] bytes) {
    try {
      stream.output().write(bytes);
      stream.shutdownOutput();
    } catch (IOException e) {
      stream.reset();
    }
  }
}
