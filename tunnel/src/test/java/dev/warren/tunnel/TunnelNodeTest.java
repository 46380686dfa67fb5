package dev.warren.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.protocol.tunnel.StreamKind;
import dev.warren.tunnel.TunnelException.Stage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Two nodes on a relay in the same process: everything but the WebSocket is real.
@Timeout(60)
final class TunnelNodeTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final TestRelay relay = new TestRelay();
  private final TunnelNode dialer = new TunnelNode(NodeIdentity.generate(), StreamAcceptor.NONE);
  private volatile StreamAcceptor serve = TunnelNodeTest::echo;
  private final TunnelNode target =
      new TunnelNode(NodeIdentity.generate(), stream -> serve.accept(stream));

  @BeforeEach
  void start() throws Exception {
    dialer.start();
    target.start();
    dialer.attach(relay.endpoint());
    target.attach(relay.endpoint());
    relay.approve(dialer.id(), target.id(), StreamKind.HTTP, StreamKind.TCP);
  }

  @AfterEach
  void close() {
    dialer.close();
    target.close();
    relay.close();
  }

  @Test
  void aStreamEchoesWhatIsWritten() throws Exception {
    try (TunnelStream stream = open(StreamKind.HTTP, "")) {
      stream.output().write("hello".getBytes());
      stream.shutdownOutput();
      assertThat(stream.input().readAllBytes()).asString().isEqualTo("hello");
    }
  }

  @Test
  void theAcceptorLearnsPeerKindAndTarget() throws Exception {
    serve =
        stream ->
            stream
                .output()
                .write((stream.peer() + " " + stream.kind() + " " + stream.target()).getBytes());
    try (TunnelStream stream = open(StreamKind.TCP, "127.0.0.1:8080")) {
      assertThat(stream.input().readAllBytes())
          .asString()
          .isEqualTo(dialer.id() + " tcp 127.0.0.1:8080");
    }
  }

  @Test
  void aHundredMegabytesArriveWholeAndInOrder() throws Exception {
    int size = 100 * 1000 * 1000;
    serve = stream -> stream.output().write(digest(stream.input()).getBytes());
    try (TunnelStream stream = open(StreamKind.HTTP, "")) {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      OutputStream out = new DigestOutputStream(stream.output(), sha);
      Random random = new Random(7);
      byte[] block = new byte[64 * 1024];
      for (int left = size; left > 0; left -= block.length) {
        random.nextBytes(block);
        out.write(block, 0, Math.min(block.length, left));
      }
      stream.shutdownOutput();
      assertThat(stream.input().readAllBytes())
          .asString()
          .isEqualTo(HexFormat.of().formatHex(sha.digest()));
    }
  }

  @Test
  void sixtyFourStreamsRunAtOnceAndKeepTheirBytesApart() throws Exception {
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> all = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        int seed = i;
        all.add(executor.submit(() -> exchange(seed, 200_000 + seed)));
      }
      for (Future<Boolean> one : all) {
        assertThat(one.get()).isTrue();
      }
    }
  }

  @Test
  void moreStreamsThanAllowedWaitForOthersToEnd() throws Exception {
    for (int i = 0; i < 1500; i++) {
      try (TunnelStream stream = open(StreamKind.HTTP, "")) {
        stream.output().write(i & 0xff);
        stream.shutdownOutput();
        assertThat(stream.input().readAllBytes()).containsExactly(i & 0xff);
      }
    }
  }

  @Test
  void aKindThatIsNotApprovedIsRefusedWithItsName() throws Exception {
    TunnelStream stream = open(StreamKind.SSH, "");
    assertThatThrownBy(() -> stream.input().read())
        .isInstanceOfSatisfying(
            TunnelException.class, e -> assertThat(e.stage()).isEqualTo(Stage.REFUSED))
        .hasMessageContaining("ssh");
  }

  @Test
  void theAcceptorsRefusalReachesTheOpener() throws Exception {
    serve = stream -> stream.refuse("nothing listens on port 1");
    TunnelStream stream = open(StreamKind.TCP, "127.0.0.1:1");
    assertThatThrownBy(() -> stream.input().read()).hasMessageContaining("nothing listens");
  }

  @Test
  void aResetFailsTheOtherSidesReadAndWrite() throws Exception {
    serve =
        stream -> {
          stream.input().read();
          stream.reset();
        };
    TunnelStream stream = open(StreamKind.HTTP, "");
    stream.output().write(1);
    assertThatThrownBy(() -> stream.input().read()).hasMessageContaining("reset");
    assertThatThrownBy(() -> writeForEver(stream)).isInstanceOf(TunnelException.class);
  }

  @Test
  void aPeerWithoutApprovalIsNeverReached() throws Exception {
    try (TunnelNode stranger = new TunnelNode(NodeIdentity.generate(), StreamAcceptor.NONE)) {
      stranger.start();
      stranger.attach(relay.endpoint());
      assertThatThrownBy(() -> stranger.connection(target.id(), Duration.ofMillis(300)))
          .isInstanceOfSatisfying(
              TunnelException.class, e -> assertThat(e.stage()).isEqualTo(Stage.RELAY));
    }
  }

  @Test
  void aPingIsAnswered() throws Exception {
    assertThat(dialer.connection(target.id(), SOON).ping(SOON)).isPositive();
  }

  private TunnelStream open(StreamKind kind, String target) throws Exception {
    return dialer.connection(this.target.id(), SOON).openStream(kind, target, SOON);
  }

  private boolean exchange(int seed, int size) throws Exception {
    byte[] sent = new byte[size];
    new Random(seed).nextBytes(sent);
    try (TunnelStream stream = open(StreamKind.HTTP, "")) {
      Thread writer =
          Thread.startVirtualThread(() -> {
            try {
              stream.output().write(sent);
              stream.shutdownOutput();
            } catch (IOException e) {
              stream.reset();
            }
          });
      byte[] received = stream.input().readAllBytes();
      writer.join();
      return java.util.Arrays.equals(sent, received);
    }
  }

  private static void writeForEver(TunnelStream stream) throws IOException {
    byte[] block = new byte[16 * 1024];
    while (true) {
      stream.output().write(block);
    }
  }

  private static void echo(TunnelStream stream) throws IOException {
    stream.input().transferTo(stream.output());
  }

  private static String digest(InputStream in) throws Exception {
    MessageDigest sha = MessageDigest.getInstance("SHA-256");
    in.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), sha));
    return HexFormat.of().formatHex(sha.digest());
  }
}
