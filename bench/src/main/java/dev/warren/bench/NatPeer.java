package dev.warren.bench;

import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.NodeRole;
import dev.warren.protocol.tunnel.StreamKind;
import dev.warren.server.http.HttpServer;
import dev.warren.server.http.HttpSettings;
import dev.warren.server.http.relay.RelayFront;
import dev.warren.tunnel.DirectSettings;
import dev.warren.tunnel.NodeIdentity;
import dev.warren.tunnel.PathStatus;
import dev.warren.tunnel.RelayEndpoint;
import dev.warren.tunnel.StreamAcceptor;
import dev.warren.tunnel.TunnelConnection;
import dev.warren.tunnel.TunnelNode;
import dev.warren.tunnel.TunnelStream;
import dev.warren.tunnel.relay.Relay;
import dev.warren.tunnel.relay.RelaySettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/// A process of the NAT benchmark: `relay FOLDER` is a control plane at [Lab#HOST], `daemon FOLDER`
/// one end, `client FOLDER BYTES` the other, which says how it is connected, then fetches so many
/// bytes and checks them.
final class NatPeer {
  static final int PORT = 7080;
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  /// How long a direct path may take to be found.
  private static final Duration SETTLED = Duration.ofSeconds(10);

  private static final int BLOCK = 64 * 1024;

  private NatPeer() {}

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[1]);
    switch (args[0]) {
      case "relay" -> relay(folder);
      case "daemon" -> daemon(folder);
      case "client" -> client(folder, Long.parseLong(args[2]));
      default -> throw new IllegalArgumentException("no such part: " + args[0]);
    }
  }

  private static void relay(Path folder) throws Exception {
    NodeIdentity identity = NodeIdentity.loadOrCreate(folder.resolve("relay"));
    InetSocketAddress address = new InetSocketAddress(Lab.HOST, PORT);
    try (TunnelNode own =
            new TunnelNode(identity, StreamAcceptor.NONE, DirectSettings.onPort(PORT));
        Relay relay =
            new Relay(
                RelaySettings.of(identity.id())
                    .with(new RelaySettings.Direct(true, Optional.of(PORT))),
                new TunnelPeer.Everyone(identity.id()));
        HttpServer http =
            new HttpServer(
                new HttpSettings(address, url(), Set.of()),
                List.of(),
                new TunnelPeer.Nobody(),
                Optional.empty(),
                List.of(RelayFront.at("/relay", relay)),
                new SimpleMeterRegistry())) {
      relay.start();
      own.start();
      own.attach(new RelayEndpoint.InProcess(relay));
      http.start();
      System.out.println("ready");
      Thread.sleep(Duration.ofHours(1));
    }
  }

  private static void daemon(Path folder) throws Exception {
    TunnelNode node =
        new TunnelNode(NodeIdentity.loadOrCreate(folder.resolve("daemon-key")), NatPeer::serve);
    attach(node, NodeRole.DAEMON);
    Path file = Files.writeString(folder.resolve("daemon.new"), node.id().value());
    Files.move(file, folder.resolve("daemon"));
    Thread.sleep(Duration.ofHours(1));
  }

  private static void client(Path folder, long bytes) throws Exception {
    try (TunnelNode node = new TunnelNode(NodeIdentity.generate(), StreamAcceptor.NONE)) {
      attach(node, NodeRole.CLIENT);
      NodeId target = new NodeId(TunnelPeer.awaitFile(folder.resolve("daemon")));
      long began = System.nanoTime();
      TunnelConnection connection = node.connection(target, DEADLINE);
      connection.ping(DEADLINE);
      say("connected_ms", (System.nanoTime() - began) / 1e6);
      while (connection.path().kind() != PathStatus.Kind.DIRECT
          && System.nanoTime() - began < SETTLED.toNanos()) {
        connection.ping(DEADLINE);
        Thread.sleep(Duration.ofMillis(5));
      }
      if (connection.path().kind() == PathStatus.Kind.DIRECT) {
        say("direct_ms", (System.nanoTime() - began) / 1e6);
      }
      if (bytes > 0) {
        fetch(connection, bytes);
      }
      say(connection.path().kind() == PathStatus.Kind.RELAY ? "relay_at_end" : "direct_at_end", 1);
      say("switches", (double) connection.path().switches());
    }
    System.out.println("done");
  }

  private static void fetch(TunnelConnection connection, long bytes) throws Exception {
    try (TunnelStream stream = connection.openStream(StreamKind.HTTP, "", DEADLINE)) {
      new DataOutputStream(stream.output()).writeLong(bytes);
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      byte[] block = new byte[BLOCK];
      long stalled = 0;
      boolean told = false;
      long began = System.nanoTime();
      for (long left = bytes; left > 0; ) {
        long asked = System.nanoTime();
        int count = stream.input().read(block, 0, (int) Math.min(left, BLOCK));
        stalled = Math.max(stalled, System.nanoTime() - asked);
        if (count < 0) {
          throw new IOException("the stream ended early");
        }
        sha.update(block, 0, count);
        left -= count;
        if (!told && left < bytes * 3 / 4) {
          told = true;
          System.out.println("under way");
        }
      }
      byte[] sent = new DataInputStream(stream.input()).readNBytes(sha.getDigestLength());
      say("seconds", (System.nanoTime() - began) / 1e9);
      say("stalled_ms", stalled / 1e6);
      say("whole", MessageDigest.isEqual(sha.digest(), sent) ? 1 : 0);
    }
  }

  private static void serve(TunnelStream stream) throws Exception {
    long bytes = new DataInputStream(stream.input()).readLong();
    MessageDigest sha = MessageDigest.getInstance("SHA-256");
    Random random = new Random(bytes);
    byte[] block = new byte[BLOCK];
    for (long left = bytes; left > 0; ) {
      random.nextBytes(block);
      int count = (int) Math.min(left, BLOCK);
      sha.update(block, 0, count);
      stream.output().write(block, 0, count);
      left -= count;
    }
    stream.output().write(sha.digest());
  }

  static void attach(TunnelNode node, NodeRole role) throws Exception {
    node.start();
    if (!node.attach(new RelayEndpoint.Url(url(), role, "bench", Optional::empty))
        .awaitAttached(DEADLINE)) {
      throw new IOException("not attached to the relay");
    }
  }

  private static URI url() {
    return URI.create("http://%s:%d".formatted(Lab.HOST, PORT));
  }

  private static void say(String name, double value) {
    System.out.printf(java.util.Locale.ROOT, "%s %.3f%n", name, value);
  }
}
