package dev.warren.tunnel;

import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.Coordination;
import dev.warren.protocol.tunnel.RelayMessage;
import dev.warren.protocol.tunnel.StreamKind;
import dev.warren.tunnel.path.AddressQuestion;
import dev.warren.tunnel.path.Probe;
import dev.warren.tunnel.path.ProbeKeys;
import dev.warren.tunnel.relay.Admission;
import dev.warren.tunnel.relay.Approval;
import dev.warren.tunnel.relay.AttachRequest;
import dev.warren.tunnel.relay.MeshInbound;
import dev.warren.tunnel.relay.Relay;
import dev.warren.tunnel.relay.RelayLink;
import dev.warren.tunnel.relay.RelaySession;
import dev.warren.tunnel.relay.RelaySettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// What a coverage-guided fuzzer gives its bytes to: the tunnel's readers of datagrams (`probes`),
/// of nodes' text and binary frames (`coordination`, `messages`) and of other relays' (`mesh`),
/// named by the system property `warren.fuzz`. Whatever is thrown is a finding, and so is a probe
/// that opens though it was changed, a frame that is another one when it is written and read again,
/// or a buffer that is not given back once.
public final class TunnelFuzz {
  private static final String TARGET = System.getProperty("warren.fuzz", "probes");
  private static final KeyPair ONE = ProbeKeys.generate();
  private static final KeyPair OTHER = ProbeKeys.generate();
  private static final ProbeKeys SEALING = keys(ONE, OTHER);
  private static final ProbeKeys OPENING = keys(OTHER, ONE);
  private static final byte[] SEALED = SEALING.seal(new Probe.Ping(7), 0);
  private static final InetSocketAddress HERE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);

  private static final NodeId SENDER = new NodeId("22".repeat(32));
  private static final NodeId RECEIVER = new NodeId("33".repeat(32));

  private static final Relay RELAY =
      new Relay(
          RelaySettings.of(new NodeId("11".repeat(32)))
              .with(new RelaySettings.Direct(true, Optional.of(1))),
          new NoOne());

  static {
    RELAY.approve(new Approval(SENDER, RECEIVER, Set.of(StreamKind.HTTP)));
  }

  private TunnelFuzz() {}

  /// The fuzzer calls this.
  public static void fuzzerTestOneInput(byte[] bytes) {
    switch (TARGET) {
      case "probes" -> datagram(bytes);
      case "coordination" -> frame(new String(bytes, StandardCharsets.UTF_8));
      case "messages" -> message(bytes);
      case "mesh" -> mesh(bytes);
      default -> throw new IllegalArgumentException("no reader is called " + TARGET);
    }
  }

  private static void datagram(byte[] bytes) {
    OPENING.open(bytes);
    AddressQuestion.read(bytes);
    AddressQuestion.answer(bytes, HERE)
        .flatMap(AddressQuestion::read)
        .ifPresent(answer -> same(answer.seen(), HERE));
    Probe.read(ByteBuffer.wrap(bytes)).ifPresent(TunnelFuzz::sealed);
    byte[] changed = SEALED.clone();
    for (int i = 0; i < Math.min(bytes.length, changed.length); i++) {
      changed[i] ^= bytes[i];
    }
    if (OPENING.open(changed).isPresent() && !Arrays.equals(changed, SEALED)) {
      throw new IllegalStateException("a changed probe was opened");
    }
    ProbeKeys.of(ONE, Arrays.copyOf(bytes, ProbeKeys.KEY_BYTES));
  }

  private static void sealed(Probe probe) {
    Probe opened = OPENING.open(SEALING.seal(probe, 100)).orElseThrow();
    same(opened, probe);
  }

  private static void frame(String text) {
    RELAY.openOwn(SENDER, new UUID(1, 1), 1, new Link()).text(text);
    RelaySession stranger = RELAY.open(new Link(), "192.0.2.1");
    stranger.text(text);
    stranger.closed();
    Coordination read;
    try {
      read = Coordination.parse(text);
    } catch (IllegalArgumentException e) {
      return;
    }
    same(Coordination.parse(read.toJson()), read);
    if (read instanceof Coordination.Meet meet) {
      for (String address : meet.addresses()) {
        OwnAddresses.parse(address, true)
            .ifPresent(found ->
                same(OwnAddresses.parse(OwnAddresses.text(found), true).orElseThrow(), found));
      }
    }
  }

  /// To a node that it may talk to, and to whom the bytes say.
  private static void message(byte[] bytes) {
    // One session for all: each attach is announced, which takes longer than a message.
    RelaySession session = Attached.SENDING;
    byte[] addressed = new byte[RelayMessage.ID_BYTES + bytes.length];
    System.arraycopy(RECEIVER.bytes(), 0, addressed, 0, RelayMessage.ID_BYTES);
    System.arraycopy(bytes, 0, addressed, RelayMessage.ID_BYTES, bytes.length);
    for (byte[] one : List.of(bytes, addressed)) {
      once(released -> session.binary(ByteBuffer.wrap(one), released));
    }
    session.burstEnd();
    if (session.debt().isNegative()) {
      throw new IllegalStateException("a negative debt");
    }
  }

  /// As a text frame and as a binary one, then the link ends.
  private static void mesh(byte[] bytes) {
    MeshInbound inbound = RELAY.mesh().accept(new NodeId("44".repeat(32)));
    try {
      inbound.text(new String(bytes, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException none) {
      // The adapter closes the link.
    }
    once(released -> inbound.binary(ByteBuffer.wrap(bytes.clone()), released));
    inbound.closed();
  }

  private static void once(Consumer<Runnable> taker) {
    AtomicInteger released = new AtomicInteger();
    taker.accept(released::incrementAndGet);
    if (released.get() != 1) {
      throw new IllegalStateException("a buffer was given back %d times".formatted(released.get()));
    }
  }

  private static void same(Object found, Object expected) {
    if (!found.equals(expected)) {
      throw new IllegalStateException("%s became %s".formatted(expected, found));
    }
  }

  private static ProbeKeys keys(KeyPair own, KeyPair peer) {
    return ProbeKeys.of(own, ProbeKeys.publicKey(peer)).orElseThrow();
  }

  /// The two nodes that exchange messages, once somebody asks for them.
  private static final class Attached {
    static final RelaySession SENDING = RELAY.openOwn(SENDER, new UUID(1, 1), 1, new Link());

    static {
      RELAY.openOwn(RECEIVER, new UUID(1, 1), 1, new Link());
    }
  }

  /// A link that leads nowhere.
  private static final class Link implements RelayLink {
    @Override
    public boolean send(ByteBuffer message, Runnable releasing) {
      releasing.run();
      return true;
    }

    @Override
    public void flush() {}

    @Override
    public void sendText(String text) {
      Coordination.parse(text);
    }

    @Override
    public void ping() {}

    @Override
    public void close(int code, String reason) {}
  }

  private static final class NoOne implements Admission {
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
