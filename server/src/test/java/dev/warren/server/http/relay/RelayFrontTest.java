package dev.warren.server.http.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.CloseCode;
import dev.warren.protocol.tunnel.NodeRole;
import dev.warren.protocol.tunnel.StreamKind;
import dev.warren.tunnel.AttachRefused;
import dev.warren.tunnel.NodeIdentity;
import dev.warren.tunnel.RelayAttachment;
import dev.warren.tunnel.RelayEndpoint;
import dev.warren.tunnel.StreamAcceptor;
import dev.warren.tunnel.TunnelException;
import dev.warren.tunnel.TunnelNode;
import dev.warren.tunnel.TunnelStream;
import dev.warren.tunnel.relay.Admission;
import dev.warren.tunnel.relay.Approval;
import dev.warren.tunnel.relay.AttachRequest;
import dev.warren.tunnel.relay.Relay;
import dev.warren.tunnel.relay.RelaySettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Nodes on real sockets: Netty's WebSocket client, Jetty's server, QUIC between the nodes.
@Timeout(90)
final class RelayFrontTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final NodeIdentity control = NodeIdentity.generate();
  private final TunnelNode daemon = new TunnelNode(NodeIdentity.generate(), RelayFrontTest::echo);
  private final TunnelNode own = new TunnelNode(control, StreamAcceptor.NONE);
  private final LinkedBlockingQueue<AttachRequest> attached = new LinkedBlockingQueue<>();
  private final LinkedBlockingQueue<AttachRequest> detached = new LinkedBlockingQueue<>();
  private Relay relay = newRelay();
  private RelayServer server;

  RelayFrontTest() throws Exception {
    server = new RelayServer(relay, 0);
  }

  @BeforeEach
  void start() throws Exception {
    relay.start();
    own.start();
    daemon.start();
    own.attach(new RelayEndpoint.InProcess(relay));
  }

  @AfterEach
  void close() throws Exception {
    own.close();
    daemon.close();
    relay.close();
    server.close();
  }

  @Test
  void aDaemonAttachesAndIsDialedByTheControlPlane() throws Exception {
    attach(daemon, Optional.of("token-1"));
    assertThat(attached.poll(20, TimeUnit.SECONDS))
        .satisfies(request -> {
          assertThat(request.node()).isEqualTo(daemon.id());
          assertThat(request.token()).contains("token-1");
          assertThat(request.remoteAddress()).isEqualTo("127.0.0.1");
        });
    assertThat(echoed("hello")).isEqualTo("hello");
    daemon.close();
    assertThat(detached.poll(20, TimeUnit.SECONDS)).isNotNull();
    assertThat(relay.isLive(daemon.id())).isFalse();
  }

  @Test
  void anAttachmentThatIsClosedWhileItBeginsNeverAttaches() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    Supplier<Optional<String>> slow =
        () -> {
          begun.countDown();
          try {
            assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return Optional.of("token-1");
        };
    RelayAttachment attachment =
        daemon.attach(new RelayEndpoint.Url(server.url(), NodeRole.DAEMON, "test", slow));
    begun.await();
    attachment.close();
    closed.countDown();
    try (TunnelNode next = new TunnelNode(NodeIdentity.generate(), StreamAcceptor.NONE)) {
      next.start();
      attach(next, Optional.of("client"));
      assertThat(attached.poll(20, TimeUnit.SECONDS))
          .satisfies(request -> assertThat(request.node()).isEqualTo(next.id()));
    }
  }

  @Test
  void aRefusedDaemonLearnsItAndDoesNotComeBack() throws Exception {
    RelayAttachment attachment = attach(daemon, Optional.of("wrong"));
    assertThatThrownBy(attachment::join)
        .isInstanceOfSatisfying(
            AttachRefused.class, e -> assertThat(e.code()).isEqualTo(CloseCode.REFUSED))
        .hasMessageContaining("no such token");
  }

  @Test
  void revokingClosesTheDaemonAtOnceAndForGood() throws Exception {
    RelayAttachment attachment = attach(daemon, Optional.of("token-1"));
    assertThat(attachment.awaitAttached(SOON)).isTrue();
    relay.revoke(daemon.id(), "the workspace was stopped");
    assertThatThrownBy(attachment::join)
        .isInstanceOf(AttachRefused.class)
        .hasMessageContaining("the workspace was stopped");
  }

  @Test
  void aHundredMegabytesPassWholeBothWays() throws Exception {
    attach(daemon, Optional.of("token-1"));
    assertThat(transfer(100_000_000)).isTrue();
  }

  @Test
  void aTransferGoesOnWhenTheRelayRestartsUnderIt() throws Exception {
    try (TunnelNode client = new TunnelNode(NodeIdentity.generate(), StreamAcceptor.NONE)) {
      client.start();
      clientOfDaemon = client.id();
      attach(client, Optional.of("client"));
      attach(daemon, Optional.of("token-1"));
      TunnelStream stream =
          client.connection(daemon.id(), SOON).openStream(StreamKind.HTTP, "", SOON);
      byte[] first = new byte[1000];
      stream.output().write(first);
      assertThat(stream.input().readNBytes(1000)).isEqualTo(first);

      int port = server.port();
      relay.close();
      server.close();
      byte[] second = new byte[300_000];
      new Random(3).nextBytes(second);
      Thread writer = Thread.startVirtualThread(() -> write(stream, second));
      relay = newRelay();
      relay.start();
      server = new RelayServer(relay, port);

      assertThat(stream.input().readNBytes(second.length)).isEqualTo(second);
      writer.join();
    }
  }

  @Test
  void whoSendsMoreThanItMayIsReadFromAgainAndLosesNothing() throws Exception {
    int port = server.port();
    relay.close();
    server.close();
    RelaySettings usual = RelaySettings.of(control.id());
    relay = newRelay(sending(usual, 4_000_000));
    relay.start();
    server = new RelayServer(relay, port);
    own.attach(new RelayEndpoint.InProcess(relay));
    attach(daemon, Optional.of("token-1"));
    assertThat(transfer(8_000_000)).isTrue();
  }

  @Test
  void aPathThatIsNotTheRelaysIsLeftAlone() throws Exception {
    assertThat(status("/other")).isEqualTo(404);
    assertThat(status("/relay")).isEqualTo(426);
  }

  @Test
  void aNodeThatNobodyApprovedReachesNobody() throws Exception {
    attach(daemon, Optional.of("token-1"));
    try (TunnelNode stranger = new TunnelNode(NodeIdentity.generate(), StreamAcceptor.NONE)) {
      stranger.start();
      attach(stranger, Optional.of("stranger")).awaitAttached(SOON);
      assertThatThrownBy(() -> stranger.connection(daemon.id(), Duration.ofMillis(500)))
          .isInstanceOf(TunnelException.class);
    }
  }

  private volatile NodeId clientOfDaemon = control.id();

  private static RelaySettings sending(RelaySettings usual, long bytesPerSecond) {
    return new RelaySettings(
        usual.relay(),
        usual.messageBytesMax(),
        usual.outstandingBytesMax(),
        usual.linkBytesMax(),
        bytesPerSecond,
        usual.pingEvery(),
        usual.silenceMax(),
        usual.stalledMax(),
        usual.handshakeMax(),
        usual.handshakesMax(),
        usual.pairGrace(),
        usual.direct());
  }

  private Relay newRelay() {
    return newRelay(RelaySettings.of(control.id()));
  }

  private Relay newRelay(RelaySettings settings) {
    return new Relay(
        settings,
        new Admission() {
          @Override
          public Decision admit(AttachRequest request) {
            return switch (request.token().orElse("")) {
              case "token-1" ->
                  new Decision.Admitted(
                      List.of(
                          new Approval(clientOfDaemon, request.node(), Set.of(StreamKind.HTTP))));
              case "client", "stranger" -> new Decision.Admitted(List.of());
              default -> Decision.Refused.forGood("no such token");
            };
          }

          @Override
          public void attached(AttachRequest request) {
            attached.add(request);
          }

          @Override
          public void detached(AttachRequest request) {
            detached.add(request);
          }
        });
  }

  private RelayAttachment attach(TunnelNode node, Optional<String> token) {
    return node.attach(new RelayEndpoint.Url(server.url(), NodeRole.DAEMON, "test", () -> token));
  }

  private String echoed(String text) throws Exception {
    try (TunnelStream stream =
        own.connection(daemon.id(), SOON).openStream(StreamKind.HTTP, "", SOON)) {
      stream.output().write(text.getBytes());
      stream.shutdownOutput();
      return new String(stream.input().readAllBytes());
    }
  }

  private boolean transfer(int bytes) throws Exception {
    try (TunnelStream stream =
        own.connection(daemon.id(), SOON).openStream(StreamKind.HTTP, "", SOON)) {
      MessageDigest sent = MessageDigest.getInstance("SHA-256");
      MessageDigest received = MessageDigest.getInstance("SHA-256");
      Thread writer =
          Thread.startVirtualThread(() -> {
            try (OutputStream out = new DigestOutputStream(stream.output(), sent)) {
              Random random = new Random(11);
              byte[] block = new byte[50_000];
              for (int left = bytes; left > 0; left -= block.length) {
                random.nextBytes(block);
                out.write(block);
              }
            } catch (IOException e) {
              stream.reset();
            }
          });
      try (InputStream in = new DigestInputStream(stream.input(), received)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
      writer.join();
      return MessageDigest.isEqual(sent.digest(), received.digest());
    }
  }

  private int status(String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(server.url().resolve(path)).build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    }
  }

  private static void write(TunnelStream stream, byte[] bytes) {
    try {
      stream.output().write(bytes);
    } catch (IOException e) {
      stream.reset();
    }
  }

  private static void echo(TunnelStream stream) throws IOException {
    stream.input().transferTo(stream.output());
  }
}
