package dev.warren.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.protocol.tunnel.StreamKind;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The streams that every node serves by itself.
@Timeout(60)
final class SpeedTestTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final TestRelay relay = new TestRelay();
  private final TunnelNode dialer = new TunnelNode(NodeIdentity.generate(), StreamAcceptor.NONE);
  private final TunnelNode target = new TunnelNode(NodeIdentity.generate(), StreamAcceptor.NONE);

  @BeforeEach
  void start() throws Exception {
    dialer.start();
    target.start();
    dialer.attach(relay.endpoint());
    target.attach(relay.endpoint());
    relay.approve(dialer.id(), target.id(), StreamKind.PING, StreamKind.SPEEDTEST);
  }

  @AfterEach
  void close() {
    dialer.close();
    target.close();
    relay.close();
  }

  @ParameterizedTest
  @EnumSource
  void bytesAreCountedEachWay(SpeedTest.Direction direction) throws Exception {
    SpeedTest.Result result =
        SpeedTest.run(dialer.connection(target.id(), SOON), direction, Duration.ofMillis(300));
    assertThat(result.direction()).isEqualTo(direction);
    assertThat(result.bytes()).isGreaterThan(100_000);
    assertThat(result.megabytesPerSecond()).isPositive();
  }

  @Test
  void aPingStreamEchoes() throws Exception {
    try (TunnelStream stream =
        dialer.connection(target.id(), SOON).openStream(StreamKind.PING, "", SOON)) {
      stream.output().write("are you there".getBytes());
      stream.shutdownOutput();
      assertThat(stream.input().readAllBytes()).asString().isEqualTo("are you there");
    }
  }

  @Test
  void aTestWithoutEndIsRefusedHere() throws Exception {
    TunnelConnection connection = dialer.connection(target.id(), SOON);
    assertThatThrownBy(() -> SpeedTest.run(connection, SpeedTest.Direction.UP, Duration.ofHours(1)))
        .hasMessageContaining("30 s");
  }

  @Test
  void anUnknownDirectionIsRefusedThere() throws Exception {
    TunnelStream stream =
        dialer.connection(target.id(), SOON).openStream(StreamKind.SPEEDTEST, "sideways", SOON);
    assertThatThrownBy(() -> stream.input().read()).hasMessageContaining("sideways");
  }
}
