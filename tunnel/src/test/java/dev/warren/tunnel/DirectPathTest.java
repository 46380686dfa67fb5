package dev.warren.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.protocol.tunnel.StreamKind;
import dev.warren.tunnel.PathStatus.Kind;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Two nodes with UDP sockets on the same machine, and a relay in their process.
@Timeout(90)
final class DirectPathTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final TestRelay relay = new TestRelay(true);
  private final TunnelNode dialer = new TunnelNode(NodeIdentity.generate(), StreamAcceptor.NONE);
  private final TunnelNode target =
      new TunnelNode(
          NodeIdentity.generate(),
          stream -> stream.output().write(digest(stream.input()).getBytes()));

  @BeforeEach
  void start() throws Exception {
    dialer.start();
    target.start();
    dialer.attach(relay.endpoint());
    target.attach(relay.endpoint());
    relay.approve(dialer.id(), target.id(), StreamKind.TCP, StreamKind.SPEEDTEST);
  }

  @AfterEach
  void close() {
    dialer.close();
    target.close();
    relay.close();
  }

  @Test
  void aConnectionBeginsOnTheRelayAndGoesDirect() throws Exception {
    TunnelConnection connection = dialer.connection(target.id(), SOON);
    awaitPath(connection, Kind.DIRECT);
    upload(connection, 20_000_000, () -> {});
    assertThat(dialer.stats().directSentBytes()).isGreaterThan(15_000_000);
    assertThat(connection.path().address()).isPresent();
    assertThat(connection.path().rtt()).isPresent();
    assertThat(connection.path().whyNotDirect()).isEmpty();
  }

  @Test
  void packetsGrowToWhatThePathProves() throws Exception {
    TunnelConnection connection = dialer.connection(target.id(), SOON);
    awaitPath(connection, Kind.DIRECT);
    await(
        () -> dialer.payloadBytes(target.id()) > Limits.PAYLOAD_BYTES,
        () -> "waiting for larger packets: " + connection.path());
    upload(connection, 20_000_000, () -> {});
  }

  @Test
  void aTransferGoesOnByTheRelayWhenUdpIsCutAndComesBack() throws Exception {
    TunnelConnection connection = dialer.connection(target.id(), SOON);
    awaitPath(connection, Kind.DIRECT);
    upload(
        connection,
        60_000_000,
        () -> {
          dialer.weather(bytes -> false);
          target.weather(bytes -> false);
        });
    awaitPath(connection, Kind.RELAY);
    dialer.weather(bytes -> true);
    target.weather(bytes -> true);
    upload(connection, 20_000_000, () -> {});
    awaitPath(connection, Kind.DIRECT);
    upload(connection, 20_000_000, () -> {});
    assertThat(connection.isOpen()).isTrue();
  }

  @Test
  void aPathThatLosesLargePacketsIsUsedWithSmallOnes() throws Exception {
    // From the first: a path that has proved larger packets takes its time to forget them.
    dialer.weather(bytes -> bytes <= 1_300);
    target.weather(bytes -> bytes <= 1_300);
    TunnelConnection connection = dialer.connection(target.id(), SOON);
    awaitPath(connection, Kind.DIRECT);
    upload(connection, 5_000_000, () -> {});
    assertThat(dialer.payloadBytes(target.id())).isEqualTo(Limits.PAYLOAD_BYTES);
  }

  @Test
  void aNodeThatMayNotStaysOnTheRelayAndSaysWhy() throws Exception {
    try (TunnelNode shy =
        new TunnelNode(NodeIdentity.generate(), StreamAcceptor.NONE, DirectSettings.OFF)) {
      shy.start();
      shy.attach(relay.endpoint());
      relay.approve(shy.id(), target.id(), StreamKind.TCP);
      TunnelConnection connection = shy.connection(target.id(), SOON);
      upload(connection, 5_000_000, () -> {});
      assertThat(connection.path().kind()).isEqualTo(Kind.RELAY);
      assertThat(connection.path().whyNotDirect())
          .hasValueSatisfying(why -> assertThat(why).contains("switched off"));
      assertThat(target.stats().directReceivedBytes()).isZero();
    }
  }

  private void upload(TunnelConnection connection, int size, Runnable midway) throws Exception {
    try (TunnelStream stream = connection.openStream(StreamKind.TCP, "", SOON)) {
      stream.readTimeout(Duration.ofSeconds(60));
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      OutputStream out = new DigestOutputStream(stream.output(), sha);
      Random random = new Random(7);
      byte[] block = new byte[64 * 1024];
      boolean told = false;
      for (int left = size; left > 0; left -= block.length) {
        random.nextBytes(block);
        out.write(block, 0, Math.min(block.length, left));
        if (!told && left < size / 2) {
          told = true;
          midway.run();
        }
      }
      stream.shutdownOutput();
      assertThat(stream.input().readAllBytes())
          .asString()
          .isEqualTo(HexFormat.of().formatHex(sha.digest()));
    }
  }

  private static void awaitPath(TunnelConnection connection, Kind kind) throws Exception {
    await(
        () -> {
          ping(connection);
          return connection.path().kind() == kind;
        },
        () -> "waiting for " + kind + ": " + connection.path());
  }

  private static void ping(TunnelConnection connection) {
    try {
      connection.ping(SOON);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static final long POLL_NANOS = 5_000_000;

  private static void await(BooleanSupplier condition, Supplier<String> state) throws Exception {
    long end = System.nanoTime() + SOON.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(state).isLessThan(end);
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  private static String digest(InputStream in) throws Exception {
    MessageDigest sha = MessageDigest.getInstance("SHA-256");
    in.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), sha));
    return HexFormat.of().formatHex(sha.digest());
  }
}
