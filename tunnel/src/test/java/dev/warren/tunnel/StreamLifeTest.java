package dev.warren.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.protocol.tunnel.StreamKind;
import dev.warren.tunnel.TunnelException.Stage;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// How streams and connections end, wait and push back.
@Timeout(60)
final class StreamLifeTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final TestRelay relay = new TestRelay();
  private final TunnelNode dialer = new TunnelNode(NodeIdentity.generate(), StreamAcceptor.NONE);
  private final NodeIdentity targetIdentity = NodeIdentity.generate();
  private volatile StreamAcceptor serve = stream -> {};
  private TunnelNode target = new TunnelNode(targetIdentity, stream -> serve.accept(stream));

  @BeforeEach
  void start() throws Exception {
    dialer.start();
    target.start();
    dialer.attach(relay.endpoint());
    target.attach(relay.endpoint());
    relay.approve(dialer.id(), target.id(), StreamKind.TCP);
  }

  @AfterEach
  void close() {
    dialer.close();
    target.close();
    relay.close();
  }

  @Test
  void theSideThatEndedItsOutputStillReads() throws Exception {
    AtomicReference<String> read = new AtomicReference<>();
    CountDownLatch done = new CountDownLatch(1);
    serve =
        stream -> {
          stream.output().write("first".getBytes());
          stream.shutdownOutput();
          read.set(new String(stream.input().readAllBytes()));
          done.countDown();
        };
    try (TunnelStream stream = open()) {
      assertThat(stream.input().readAllBytes()).asString().isEqualTo("first");
      stream.output().write("then".getBytes());
      stream.shutdownOutput();
      done.await();
      assertThat(read).hasValue("then");
    }
  }

  @Test
  void aWriterWaitsForItsReader() throws Exception {
    int size = 64 * 1024 * 1024;
    CountDownLatch readNow = new CountDownLatch(1);
    serve =
        stream -> {
          stream.accept();
          readNow.await();
          stream.output().write(Long.toString(stream.input().readAllBytes().length).getBytes());
        };
    AtomicLong written = new AtomicLong();
    try (TunnelStream stream = open()) {
      Thread writer =
          Thread.startVirtualThread(() -> {
            byte[] block = new byte[64 * 1024];
            try {
              while (written.get() < size) {
                stream.output().write(block);
                written.addAndGet(block.length);
              }
              stream.shutdownOutput();
            } catch (IOException e) {
              stream.reset();
            }
          });
      awaitBlocked(writer, written);
      assertThat(written.get()).isLessThan(size / 4);
      readNow.countDown();
      assertThat(stream.input().readAllBytes()).asString().isEqualTo(Integer.toString(size));
      writer.join();
    }
  }

  @Test
  void streamsThatAreBrokenOffHalfReadGiveTheirWindowBack() throws Exception {
    byte[] block = new byte[1_000_000];
    serve = stream -> stream.output().write(block);
    for (int i = 0; i < 40; i++) {
      TunnelStream stream = open();
      assertThat(stream.input().read()).isZero();
      if (i % 2 == 0) {
        stream.reset();
      } else {
        stream.close();
      }
    }
    try (TunnelStream stream = open()) {
      assertThat(stream.input().readAllBytes()).hasSize(block.length);
    }
  }

  @Test
  void asManyStreamsAsAllowedAreOpenAndOneMoreWaits() throws Exception {
    serve = stream -> stream.input().readAllBytes();
    relay.approve(dialer.id(), target.id(), StreamKind.values());
    TunnelConnection connection = dialer.connection(target.id(), SOON);
    List<TunnelStream> open = new ArrayList<>();
    for (int i = 0; i < 256; i++) {
      TunnelStream stream = connection.openStream(StreamKind.HTTP, "", SOON);
      stream.output().flush();
      open.add(stream);
    }
    assertThatThrownBy(() -> connection.openStream(StreamKind.HTTP, "", Duration.ofMillis(50)))
        .isInstanceOfSatisfying(
            TunnelException.class, e -> assertThat(e.stage()).isEqualTo(Stage.OPEN))
        .hasMessageContaining("256 streams");
    assertThatThrownBy(() -> connection.openStream(StreamKind.SSH, "", Duration.ofMillis(50)))
        .hasMessageContaining("256 streams");
    open.removeFirst().close();
    connection.openStream(StreamKind.SSH, "", SOON).close();
    open.forEach(TunnelStream::close);
  }

  @Test
  void streamsThatPeopleKeepOpenLeavePlacesForRequests() throws Exception {
    serve = stream -> stream.input().transferTo(stream.output());
    relay.approve(dialer.id(), target.id(), StreamKind.values());
    TunnelConnection connection = dialer.connection(target.id(), SOON);
    StreamKind[] kept = {StreamKind.TERMINAL, StreamKind.SSH, StreamKind.TCP};
    List<TunnelStream> open = new ArrayList<>();
    for (int i = 0; i < 192; i++) {
      TunnelStream stream = connection.openStream(kept[i % kept.length], "", SOON);
      stream.output().flush();
      open.add(stream);
    }
    for (StreamKind kind : kept) {
      assertThatThrownBy(() -> connection.openStream(kind, "", Duration.ofMillis(50)))
          .isInstanceOfSatisfying(
              TunnelException.class, e -> assertThat(e.stage()).isEqualTo(Stage.OPEN))
          .hasMessageContaining("192 terminals, ssh connections and forwarded ones")
          .hasMessageContaining("close some");
    }
    for (int i = 0; i < 64; i++) {
      TunnelStream request = connection.openStream(StreamKind.HTTP, "", SOON);
      request.output().write(i);
      assertThat(request.input().read()).isEqualTo(i);
      open.add(request);
    }
    open.removeFirst().close();
    connection.openStream(StreamKind.TERMINAL, "", SOON).close();
    open.forEach(TunnelStream::close);
  }

  @Test
  void aConnectionThatWasClosedIsDialedAnewAtOnce() throws Exception {
    serve = stream -> stream.input().transferTo(stream.output());
    for (int i = 0; i < 100; i++) {
      TunnelConnection connection = dialer.connection(target.id(), SOON);
      try (TunnelStream stream = connection.openStream(StreamKind.TCP, "", SOON)) {
        stream.output().write(i);
        assertThat(stream.input().read()).isEqualTo(i);
      }
      connection.close();
    }
  }

  @Test
  void aReadTimesOutAndCanBeTriedAgain() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    serve =
        stream -> {
          stream.accept();
          answer.await();
          stream.output().write(5);
        };
    try (TunnelStream stream = open()) {
      stream.readTimeout(Duration.ofMillis(20));
      assertThatThrownBy(() -> stream.input().read()).isInstanceOf(SocketTimeoutException.class);
      answer.countDown();
      stream.readTimeout(SOON);
      assertThat(stream.input().read()).isEqualTo(5);
    }
  }

  @Test
  void anInterruptEndsAWaitingRead() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    serve = stream -> never.await();
    try (TunnelStream stream = open()) {
      AtomicReference<Throwable> thrown = new AtomicReference<>();
      Thread reader =
          Thread.startVirtualThread(() -> {
            try {
              stream.input().read();
            } catch (IOException e) {
              thrown.set(e);
            }
          });
      reader.interrupt();
      reader.join();
      assertThat(thrown.get()).isInstanceOf(InterruptedIOException.class);
    } finally {
      never.countDown();
    }
  }

  @Test
  void aPeerThatRestartedFailsItsOldStreamsAtOnceAndIsDialedAnew() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    serve =
        stream -> {
          stream.accept();
          never.await();
        };
    TunnelStream old = open();
    old.output().write(1);
    TunnelConnection before = dialer.connection(target.id(), SOON);
    // The process dies without a word: its node is still there when the next one attaches.
    TunnelNode next =
        new TunnelNode(targetIdentity, stream -> stream.output().write("new".getBytes()));
    next.start();
    next.attach(relay.endpoint());
    assertThatThrownBy(() -> old.input().read()).hasMessageContaining("restarted");
    try (TunnelStream stream = open()) {
      assertThat(stream.input().readAllBytes()).asString().isEqualTo("new");
    }
    assertThat(before.isOpen()).isFalse();
    never.countDown();
    target.close();
    target = next;
  }

  @Test
  void withdrawingAnApprovalEndsTheConnection() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    serve =
        stream -> {
          stream.accept();
          never.await();
        };
    TunnelStream stream = open();
    stream.output().write(1);
    awaitAccepted(1);
    relay.relay.withdraw(dialer.id(), target.id());
    // The relay forwards no more, so that the dialer hears nothing; the target has closed it.
    awaitAccepted(0);
    never.countDown();
  }

  @Test
  void aNodeThatLiesAboutItsKeyIsNotTalkedTo() throws Exception {
    NodeIdentity victim = NodeIdentity.generate();
    NodeIdentity liar = NodeIdentity.generate();
    NodeIdentity forged = new NodeIdentity(victim.id(), liar.privateKey(), liar.certificate());
    try (TunnelNode impostor = new TunnelNode(forged, stream -> {})) {
      impostor.start();
      impostor.attach(relay.endpoint());
      relay.approve(dialer.id(), victim.id(), StreamKind.TCP);
      assertThatThrownBy(() -> dialer.connection(victim.id(), SOON))
          .isInstanceOfSatisfying(
              TunnelException.class, e -> assertThat(e.stage()).isEqualTo(Stage.HANDSHAKE));
    }
  }

  @Test
  void aDialerThatLiesAboutItsKeyIsTurnedAway() throws Exception {
    NodeIdentity approved = NodeIdentity.generate();
    NodeIdentity liar = NodeIdentity.generate();
    NodeIdentity forged = new NodeIdentity(approved.id(), liar.privateKey(), liar.certificate());
    try (TunnelNode impostor = new TunnelNode(forged, StreamAcceptor.NONE)) {
      impostor.start();
      impostor.attach(relay.endpoint());
      relay.approve(approved.id(), target.id(), StreamKind.TCP);
      assertThatThrownBy(() -> impostor.connection(target.id(), SOON))
          .isInstanceOfSatisfying(
              TunnelException.class, e -> assertThat(e.stage()).isEqualTo(Stage.HELLO));
    }
  }

  @Test
  void aTargetThatIsTooLongIsRefusedBeforeItIsSent() throws Exception {
    TunnelConnection connection = dialer.connection(target.id(), SOON);
    assertThatThrownBy(() -> connection.openStream(StreamKind.TCP, "x".repeat(2000), SOON))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1024");
  }

  private TunnelStream open() throws Exception {
    return dialer.connection(target.id(), SOON).openStream(StreamKind.TCP, "", SOON);
  }

  private void awaitAccepted(int connections) {
    long end = System.nanoTime() + SOON.toNanos();
    while (target.acceptedConnections() != connections) {
      assertThat(System.nanoTime()).as("connections at the target").isLessThan(end);
      LockSupport.parkNanos(1_000_000);
    }
  }

  /// Until the writer waits and its count stands still.
  private static void awaitBlocked(Thread writer, AtomicLong written) {
    long end = System.nanoTime() + SOON.toNanos();
    long last = -1;
    int still = 0;
    while (still < 200) {
      assertThat(System.nanoTime()).as("the writer never waits").isLessThan(end);
      boolean waits = writer.getState() == Thread.State.WAITING;
      still = waits && written.get() == last ? still + 1 : 0;
      last = written.get();
      LockSupport.parkNanos(1_000_000);
    }
  }
}
