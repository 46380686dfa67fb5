package dev.warren.bench;

import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.AttachProof;
import dev.warren.protocol.tunnel.Coordination;
import dev.warren.protocol.tunnel.NodeRole;
import dev.warren.tunnel.NodeIdentity;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/// A node that attaches to a relay as any other and then sends what it likes: a WebSocket on a bare
/// socket, with nothing that would slow it down. What comes is read and thrown away.
final class BareNode implements AutoCloseable {
  private static final int TEXT = 0x81;
  private static final int BINARY = 0x82;
  private static final int MASKED = 0x80;

  /// A length of 126 stands for the two bytes that follow (RFC 6455, section 5.2).
  private static final int TWO_BYTES = 126;

  private static final int EIGHT_BYTES = 127;
  private static final int MASK_BYTES = 4;

  private final int port;
  private final NodeRole role;
  private final NodeIdentity identity = NodeIdentity.generate();
  private final Socket socket = new Socket();

  BareNode(int port, NodeRole role) {
    this.port = port;
    this.role = role;
  }

  NodeId id() {
    return identity.id();
  }

  /// Upgrades, proves the key, and from then on reads in a thread of its own.
  void attach() throws IOException {
    socket.connect(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    write(
        """
        GET /relay HTTP/1.1\r
        Host: 127.0.0.1:%d\r
        Upgrade: websocket\r
        Connection: Upgrade\r
        Sec-WebSocket-Version: 13\r
        Sec-WebSocket-Key: d2FycmVuIHdhcnJlbiB3YQ==\r
        \r
        """
            .formatted(port)
            .getBytes(StandardCharsets.US_ASCII));
    DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    skipHead(in);
    if (!(Coordination.parse(text(in)) instanceof Coordination.Challenge challenge)) {
      throw new IOException("the relay did not challenge");
    }
    UUID instance = UUID.randomUUID();
    byte[] signature =
        AttachProof.sign(
            identity.privateKey(),
            Base64.getDecoder().decode(challenge.nonce()),
            challenge.relay(),
            instance);
    Base64.Encoder base64 = Base64.getEncoder();
    Coordination.Attach attach =
        new Coordination.Attach(
            base64.encodeToString(identity.publicKey()),
            base64.encodeToString(signature),
            Optional.empty(),
            role,
            "bench",
            instance,
            Optional.empty());
    write(frame(TEXT, attach.toJson().getBytes(StandardCharsets.UTF_8)));
    if (!(Coordination.parse(text(in)) instanceof Coordination.Attached)) {
      throw new IOException("the relay did not let it in");
    }
    Thread.ofPlatform().daemon().start(() -> drain(in));
  }

  /// Binary messages as they go over the wire, one after the other. Their masks are zeros, which
  /// change nothing.
  static byte[] frames(byte[] message, int count) {
    byte[] one = frame(BINARY, message);
    ByteBuffer all = ByteBuffer.allocate(one.length * count);
    for (int i = 0; i < count; i++) {
      all.put(one);
    }
    return all.array();
  }

  void write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private static byte[] frame(int kind, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(2 + Short.BYTES + MASK_BYTES + payload.length);
    frame.put((byte) kind);
    if (payload.length < TWO_BYTES) {
      frame.put((byte) (MASKED | payload.length));
    } else {
      frame.put((byte) (MASKED | TWO_BYTES)).putShort((short) payload.length);
    }
    frame.put(new byte[MASK_BYTES]).put(payload);
    return java.util.Arrays.copyOf(frame.array(), frame.position());
  }

  private static void skipHead(DataInputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
      head.write(in.readByte());
    }
    if (!head.toString(StandardCharsets.US_ASCII).startsWith("HTTP/1.1 101 ")) {
      throw new IOException("no upgrade: " + head.toString(StandardCharsets.US_ASCII));
    }
  }

  /// The next text frame.
  private static String text(DataInputStream in) throws IOException {
    while (true) {
      int kind = in.readUnsignedByte();
      int length = in.readUnsignedByte();
      if (length == EIGHT_BYTES) {
        throw new IOException("a coordination frame is never so long");
      }
      byte[] payload = in.readNBytes(length == TWO_BYTES ? in.readUnsignedShort() : length);
      if (kind == TEXT) {
        return new String(payload, StandardCharsets.UTF_8);
      }
    }
  }

  private static void drain(DataInputStream in) {
    byte[] block = new byte[64 * 1024];
    try {
      while (in.read(block) >= 0) {
        // Pings too: whoever sends all the time is known to be alive.
      }
    } catch (IOException e) {
      // The relay has closed it.
    }
  }
}
