package dev.warren.tunnel.relay;

import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.AttachProof;
import dev.warren.protocol.tunnel.Coordination;
import dev.warren.protocol.tunnel.NodeKey;
import dev.warren.protocol.tunnel.NodeRole;
import dev.warren.tunnel.NodeIdentity;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A node without a tunnel: the link that the relay writes to, and the frames that it would send.
/// It releases messages only when told to, like a receiver that reads slowly.
final class FakeNode implements RelayLink {
  private record Held(ByteBuffer message, Runnable released) {}

  final NodeIdentity identity;
  final UUID instance = UUID.randomUUID();
  final BlockingQueue<Coordination> texts = new LinkedBlockingQueue<>();
  final BlockingQueue<String> closes = new LinkedBlockingQueue<>();
  private final List<Held> held = new ArrayList<>();
  private final List<String> received = new ArrayList<>();
  private boolean slow;
  private boolean closed;
  int pings;
  RelaySession session;

  FakeNode(NodeIdentity identity) {
    this.identity = identity;
  }

  static FakeNode open(Relay relay) {
    return open(relay, NodeIdentity.generate());
  }

  static FakeNode open(Relay relay, NodeIdentity identity) {
    FakeNode node = new FakeNode(identity);
    node.session = relay.open(node, "192.0.2.1");
    return node;
  }

  /// Opens, proves its key and waits until it is in.
  static FakeNode attached(Relay relay) throws InterruptedException {
    return attached(relay, NodeIdentity.generate());
  }

  static FakeNode attached(Relay relay, NodeIdentity identity) throws InterruptedException {
    FakeNode node = open(relay, identity);
    node.session.text(node.answer(node.challenge()).toJson());
    Coordination first = node.texts.poll(10, TimeUnit.SECONDS);
    if (!(first instanceof Coordination.Attached)) {
      throw new AssertionError("the answer to attach is attached, not " + first);
    }
    return node;
  }

  NodeId id() {
    return identity.id();
  }

  Coordination.Challenge challenge() throws InterruptedException {
    return next(Coordination.Challenge.class);
  }

  Coordination.Attach answer(Coordination.Challenge challenge) {
    byte[] nonce = Base64.getDecoder().decode(challenge.nonce());
    byte[] signature = AttachProof.sign(identity.privateKey(), nonce, challenge.relay(), instance);
    Base64.Encoder base64 = Base64.getEncoder();
    return new Coordination.Attach(
        base64.encodeToString(identity.publicKey()),
        base64.encodeToString(signature),
        Optional.of("token"),
        NodeRole.DAEMON,
        "test",
        instance,
        Optional.empty());
  }

  /// The next frame of this kind, passing over others.
  <T extends Coordination> T next(Class<T> kind) throws InterruptedException {
    while (true) {
      Coordination frame = texts.poll(10, TimeUnit.SECONDS);
      if (frame == null) {
        throw new AssertionError("no " + kind.getSimpleName() + " within 10 s");
      }
      if (kind.isInstance(frame)) {
        return kind.cast(frame);
      }
    }
  }

  String nextClose() throws InterruptedException {
    String close = closes.poll(10, TimeUnit.SECONDS);
    if (close == null) {
      throw new AssertionError("the relay did not close the connection within 10 s");
    }
    return close;
  }

  /// Sends one message with this text for its datagrams.
  void send(NodeId to, String text) {
    ByteBuffer message = ByteBuffer.allocate(34 + text.length());
    NodeKey.of(to).putAt(message, 0);
    message.position(32).putShort((short) text.length());
    message.put(text.getBytes(StandardCharsets.US_ASCII)).flip();
    session.binary(message, () -> {});
    session.burstEnd();
  }

  synchronized void slow() {
    slow = true;
  }

  /// Takes what the relay has handed over, as a socket that becomes writable does.
  void release() {
    List<Held> now;
    synchronized (this) {
      now = List.copyOf(held);
      held.clear();
    }
    for (Held one : now) {
      read(one.message());
      one.released().run();
    }
  }

  synchronized int heldMessages() {
    return held.size();
  }

  /// What came: `SENDER text`, the sender's id cut short.
  synchronized List<String> received() {
    return List.copyOf(received);
  }

  @Override
  public boolean send(ByteBuffer message, Runnable released) {
    synchronized (this) {
      if (closed) {
        return false;
      }
      if (slow) {
        held.add(new Held(message, released));
        return true;
      }
    }
    read(message);
    released.run();
    return true;
  }

  private synchronized void read(ByteBuffer message) {
    String from = NodeKey.at(message, message.position()).toNodeId().brief();
    byte[] text = new byte[message.remaining() - 34];
    message.get(message.position() + 34, text);
    received.add(from + " " + new String(text, StandardCharsets.US_ASCII));
  }

  @Override
  public void flush() {}

  @Override
  public void sendText(String text) {
    texts.add(Coordination.parse(text));
  }

  @Override
  public void ping() {
    pings++;
  }

  @Override
  public synchronized void close(int code, String reason) {
    closed = true;
    closes.add(code + " " + reason);
  }
}
