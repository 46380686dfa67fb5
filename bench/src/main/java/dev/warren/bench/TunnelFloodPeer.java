package dev.warren.bench;

import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.NodeRole;
import dev.warren.protocol.tunnel.RelayMessage;
import dev.warren.protocol.tunnel.StreamKind;
import dev.warren.tunnel.NodeIdentity;
import dev.warren.tunnel.StreamAcceptor;
import dev.warren.tunnel.TunnelNode;
import dev.warren.tunnel.TunnelStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/// A process of [TunnelFlood]: `host PORT` is the relay, `download PORT FOLDER MB_PER_S` fetches
/// from the daemon for ever, at that pace or (with 0) as fast as it can, and `flood PORT FOLDER
/// AIM` floods. The last two say now and then what they have moved.
final class TunnelFloodPeer {
  /// To whom the flood goes.
  enum Aim {
    NOBODY("a node that it may not talk to"),
    OWN_DAEMON("a daemon of its own"),
    SAME_DAEMON("the same daemon");

    final String words;

    Aim(String words) {
      this.words = words;
    }
  }

  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final Duration TOLD = Duration.ofMillis(200);
  private static final int BLOCK = 64 * 1024;
  private static final int DATAGRAM_BYTES = 1200;
  private static final int DATAGRAMS = 4;
  private static final int MESSAGES_A_WRITE = 32;

  private TunnelFloodPeer() {}

  public static void main(String[] args) throws Exception {
    int port = Integer.parseInt(args[1]);
    AtomicLong moved = new AtomicLong();
    if (!args[0].equals("host")) {
      Thread.ofPlatform().daemon().start(() -> tell(moved));
    }
    switch (args[0]) {
      case "host" -> host(port);
      case "download" -> download(port, Path.of(args[2]), Integer.parseInt(args[3]), moved);
      case "flood" -> flood(port, Path.of(args[2]), Aim.valueOf(args[3]), moved);
      default -> throw new IllegalArgumentException("no such part: " + args[0]);
    }
  }

  private static void tell(AtomicLong moved) {
    while (true) {
      Program.pause(TOLD);
      // The full stop says that the line is whole.
      System.out.println("moved " + System.nanoTime() / 1_000_000 + " " + moved.get() + ".");
    }
  }

  private static void host(int port) throws Exception {
    try (TunnelHost host = new TunnelHost(port, false)) {
      host.start();
      System.out.println("ready");
      Thread.sleep(Duration.ofHours(1));
    }
  }

  private static void download(int port, Path folder, int mbPerS, AtomicLong moved)
      throws Exception {
    try (TunnelNode node = new TunnelNode(NodeIdentity.generate(), StreamAcceptor.NONE)) {
      TunnelPeer.attach(node, port, NodeRole.CLIENT);
      NodeId daemon = new NodeId(TunnelPeer.awaitFile(folder.resolve("daemon")));
      try (TunnelStream stream =
          node.connection(daemon, DEADLINE).openStream(StreamKind.HTTP, "", DEADLINE)) {
        stream.output().write(ByteBuffer.allocate(9).put((byte) 'D').putLong(1L << 50).array());
        byte[] block = new byte[BLOCK];
        long due = System.nanoTime();
        while (true) {
          int count = stream.input().read(block);
          if (count < 0) {
            throw new IOException("the download ended");
          }
          moved.addAndGet(count);
          if (mbPerS > 0) {
            due = Math.max(due, System.nanoTime() - TOLD.toNanos()) + count * 1000L / mbPerS;
            Thread.sleep(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
          }
        }
      }
    }
  }

  private static void flood(int port, Path folder, Aim aim, AtomicLong moved) throws Exception {
    Random random = new Random(1);
    try (BareNode own = new BareNode(port, NodeRole.DAEMON);
        BareNode flooder = new BareNode(port, NodeRole.CLIENT)) {
      own.attach();
      flooder.attach();
      byte[] target =
          switch (aim) {
            case NOBODY -> new byte[RelayMessage.ID_BYTES];
            case OWN_DAEMON -> own.id().bytes();
            case SAME_DAEMON -> new NodeId(TunnelPeer.awaitFile(folder.resolve("daemon"))).bytes();
          };
      ByteBuffer message =
          ByteBuffer.allocate(
              target.length + DATAGRAMS * (RelayMessage.LENGTH_BYTES + DATAGRAM_BYTES));
      message.put(target);
      for (int i = 0; i < DATAGRAMS; i++) {
        byte[] datagram = new byte[DATAGRAM_BYTES];
        random.nextBytes(datagram);
        message.putShort((short) (RelayMessage.FROM_DIALER | DATAGRAM_BYTES)).put(datagram);
      }
      byte[] frames = BareNode.frames(message.array(), MESSAGES_A_WRITE);
      while (true) {
        flooder.write(frames);
        moved.addAndGet(frames.length);
      }
    }
  }
}
