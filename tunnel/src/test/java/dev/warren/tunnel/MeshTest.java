package dev.warren.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.StreamKind;
import dev.warren.tunnel.relay.MeshPair;
import dev.warren.tunnel.relay.RelayLink;
import dev.warren.tunnel.relay.RelaySession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Two relays of one control plane, a node at each: they reach each other in one hop.
@Timeout(60)
final class MeshTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(300);

  private final TestRelay first = new TestRelay();
  private final TestRelay second = new TestRelay();
  private final TunnelNode dialer = new TunnelNode(NodeIdentity.generate(), StreamAcceptor.NONE);
  private final TunnelNode target = new TunnelNode(NodeIdentity.generate(), MeshTest::echo);
  private MeshPair mesh;
  private RelayAttachment attachment;

  @BeforeEach
  void start() throws Exception {
    mesh = new MeshPair(first.relay, second.relay);
    dialer.start();
    target.start();
    dialer.attach(first.endpoint());
    attachment = target.attach(second.endpoint());
  }

  @AfterEach
  void close() {
    dialer.close();
    target.close();
    mesh.close();
    first.close();
    second.close();
  }

  private static void echo(TunnelStream stream) throws IOException {
    stream.input().transferTo(stream.output());
  }

  private void exchange(int bytes) throws Exception {
    exchange(target, bytes);
  }

  private void exchange(TunnelNode to, int bytes) throws Exception {
    byte[] sent = new byte[bytes];
    new Random(7).nextBytes(sent);
    try (TunnelStream stream =
        dialer.connection(to.id(), SOON).openStream(StreamKind.TCP, "x", SOON)) {
      Thread writer =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  stream.output().write(sent);
                  stream.shutdownOutput();
                } catch (IOException e) {
                  // The comparison says what is missing.
                }
              });
      assertThat(Arrays.equals(stream.input().readAllBytes(), sent)).isTrue();
      writer.join();
    }
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + SOON.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  @Test
  void aNodeReachesOneAtAnotherRelayWhenItsOwnRelayApproves() throws Exception {
    first.approve(dialer.id(), target.id(), StreamKind.TCP);
    exchange(3_000_000);
  }

  @Test
  void withoutAnApprovalNothingPasses() {
    assertThatThrownBy(() -> dialer.connection(target.id(), SHORT))
        .isInstanceOf(TunnelException.class);
  }

  @Test
  void onlyTheApprovedKindsPass() throws Exception {
    first.approve(dialer.id(), target.id(), StreamKind.SSH);
    TunnelConnection connection = dialer.connection(target.id(), SOON);
    try (TunnelStream stream = connection.openStream(StreamKind.TCP, "x", SOON)) {
      assertThatThrownBy(
              () -> {
                stream.output().write("hello".getBytes(StandardCharsets.UTF_8));
                stream.shutdownOutput();
                assertThat(stream.input().readAllBytes()).isEqualTo(new byte[] {1});
              })
          .isInstanceOf(Throwable.class);
    } catch (IOException refused) {
      assertThat(refused).isNotNull();
    }
  }

  @Test
  void aConnectionGoesOnWhenTheTargetMovesToTheOtherRelay() throws Exception {
    first.approve(dialer.id(), target.id(), StreamKind.TCP);
    TunnelConnection before = dialer.connection(target.id(), SOON);
    exchange(100_000);
    attachment.close();
    await(() -> !first.relay.isElsewhere(target.id()));
    target.attach(first.endpoint());
    exchange(100_000);
    assertThat(dialer.connection(target.id(), SOON)).isSameAs(before);
  }

  @Test
  void aRevocationReachesTheOtherRelay() throws Exception {
    first.approve(dialer.id(), target.id(), StreamKind.TCP);
    exchange(1_000);
    first.relay.revoke(target.id(), "stopped");
    await(() -> !second.relay.isLive(target.id()));
    await(() -> !first.relay.isElsewhere(target.id()));
  }

  @Test
  void aBrokenLinkTakesItsNodesAwayAndANewOneBringsThemBack() throws Exception {
    first.approve(dialer.id(), target.id(), StreamKind.TCP);
    exchange(1_000);
    mesh.close();
    await(() -> !first.relay.isElsewhere(target.id()));
    mesh = new MeshPair(first.relay, second.relay);
    await(() -> first.relay.isElsewhere(target.id()));
    exchange(1_000);
  }

  /// The target's new relay has not heard of the dialer's approval, so that the target ends the
  /// connection, and nothing can tell the dialer.
  @Test
  void aConnectionThatTheTargetEndedOutOfReachIsDialedAnew() throws Exception {
    try (TunnelNode moving = new TunnelNode(NodeIdentity.generate(), MeshTest::echo)) {
      moving.start();
      RelayAttachment there = moving.attach(first.endpoint());
      await(() -> first.relay.isLive(moving.id()));
      first.approve(dialer.id(), moving.id(), StreamKind.TCP);
      exchange(moving, 1_000);
      TunnelConnection before = dialer.connection(moving.id(), SOON);
      mesh.close();
      there.close();
      moving.attach(second.endpoint());
      await(() -> moving.acceptedConnections() == 0);
      mesh = new MeshPair(first.relay, second.relay);
      await(() -> first.relay.isElsewhere(moving.id()));
      await(() -> !before.isOpen());
      exchange(moving, 1_000);
    }
  }

  /// Some of the times before the one relay knows that it has come, or the other that it has left.
  @RepeatedTest(20)
  void aNodeThatMovesAtOnceIsReachedWhereItIs() throws Exception {
    attachment.close();
    target.attach(first.endpoint());
    first.approve(dialer.id(), target.id(), StreamKind.TCP);
    exchange(1_000);
    await(() -> first.relay.isLive(target.id()) && !first.relay.isElsewhere(target.id()));
    await(() -> second.relay.isElsewhere(target.id()));
  }

  /// A relay may hear late of a node that has moved on, and take it for its own.
  @Test
  void theNewerAttachWinsWhicheverIsHeardOfFirst() {
    NodeId node = NodeIdentity.generate().id();
    UUID instance = UUID.randomUUID();
    second.relay.openOwn(node, instance, 10, new SilentLink());
    await(() -> first.relay.isElsewhere(node));
    RelaySession stale = first.relay.openOwn(node, instance, 9, new SilentLink());
    await(() -> !first.relay.isElsewhere(node));
    assertThat(second.relay.isElsewhere(node)).isFalse();
    stale.closed();
    await(() -> first.relay.isElsewhere(node));

    first.relay.openOwn(node, instance, 11, new SilentLink());
    await(() -> second.relay.isElsewhere(node));
    assertThat(first.relay.isElsewhere(node)).isFalse();
  }

  private static final class SilentLink implements RelayLink {
    @Override
    public boolean send(ByteBuffer message, Runnable released) {
      return false;
    }

    @Override
    public void flush() {}

    @Override
    public void sendText(String text) {}

    @Override
    public void ping() {}

    @Override
    public void close(int code, String reason) {}
  }
}
