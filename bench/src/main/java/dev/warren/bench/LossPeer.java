package dev.warren.bench;

import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.NodeRole;
import dev.warren.protocol.tunnel.StreamKind;
import dev.warren.tunnel.DirectSettings;
import dev.warren.tunnel.NodeIdentity;
import dev.warren.tunnel.PathStatus;
import dev.warren.tunnel.StreamAcceptor;
import dev.warren.tunnel.TunnelConnection;
import dev.warren.tunnel.TunnelNode;
import dev.warren.tunnel.TunnelStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/// A process of [LossBench]: `daemon FOLDER` is the far end, for the tunnel and for TCP; `client
/// FOLDER relay|direct|tcp` downloads twice at once for a while and exchanges blocks beside it.
final class LossPeer {
  private static final int TCP_PORT = 7081;
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final Duration WARM_UP = Duration.ofSeconds(5);
  private static final Duration MEASURED = Duration.ofSeconds(25);
  private static final int DOWNLOADS = 2;
  private static final int CALLERS = 8;
  private static final long CHUNK = 1_000_000;

  /// Opens a logical connection.
  private interface Way {
    void use(Use use) throws Exception;
  }

  /// What is done with it.
  private interface Use {
    void with(InputStream in, OutputStream out) throws Exception;
  }

  private LossPeer() {}

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[1]);
    switch (args[0]) {
      case "daemon" -> daemon(folder);
      case "client" -> client(folder, args[2]);
      default -> throw new IllegalArgumentException("no such part: " + args[0]);
    }
  }

  private static void daemon(Path folder) throws Exception {
    TunnelNode node =
        new TunnelNode(
            NodeIdentity.generate(),
            stream -> TunnelService.serve(stream.input(), stream.output()));
    NatPeer.attach(node, NodeRole.DAEMON);
    try (ServerSocket server = new ServerSocket(TCP_PORT, 128, InetAddress.getByName(Lab.HOST))) {
      TunnelBench.write(folder.resolve("daemon"), node.id().value());
      TunnelPeer.serve(server);
    }
  }

  private static void client(Path folder, String kind) throws Exception {
    NodeId target = new NodeId(TunnelPeer.awaitFile(folder.resolve("daemon")));
    if (kind.equals("tcp")) {
      load(LossPeer::tcp);
    } else {
      boolean direct = kind.equals("direct");
      try (TunnelNode node =
          direct
              ? new TunnelNode(NodeIdentity.generate(), StreamAcceptor.NONE)
              : new TunnelNode(NodeIdentity.generate(), StreamAcceptor.NONE, DirectSettings.OFF)) {
        NatPeer.attach(node, NodeRole.CLIENT);
        TunnelConnection connection = node.connection(target, DEADLINE);
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (direct && connection.path().kind() != PathStatus.Kind.DIRECT) {
          if (System.nanoTime() > end) {
            throw new IOException("no direct path: " + connection.path().whyNotDirect());
          }
          connection.ping(DEADLINE);
        }
        load(use -> {
          try (TunnelStream stream = connection.openStream(StreamKind.HTTP, "", DEADLINE)) {
            use.with(stream.input(), stream.output());
          }
        });
      }
    }
    System.out.println("done");
  }

  private static void tcp(Use use) throws Exception {
    try (Socket socket = new Socket(Lab.HOST, TCP_PORT)) {
      socket.setTcpNoDelay(true);
      use.with(socket.getInputStream(), socket.getOutputStream());
    }
  }

  private static void load(Way way) throws Exception {
    long begin = System.nanoTime() + WARM_UP.toNanos();
    long end = begin + MEASURED.toNanos();
    AtomicLong bytes = new AtomicLong();
    ConcurrentLinkedQueue<Long> times = new ConcurrentLinkedQueue<>();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < DOWNLOADS; i++) {
        all.add(
            executor.submit(() -> {
              while (System.nanoTime() < end) {
                way.use((in, out) -> TunnelService.download(in, out, CHUNK));
                bytes.addAndGet(System.nanoTime() > begin ? CHUNK : 0);
              }
              return null;
            }));
      }
      for (int i = 0; i < CALLERS; i++) {
        all.add(
            executor.submit(() -> {
              way.use((in, out) -> {
                out.write('E');
                while (System.nanoTime() < end) {
                  long asked = System.nanoTime();
                  TunnelService.exchange(in, out);
                  if (asked > begin) {
                    times.add(System.nanoTime() - asked);
                  }
                }
              });
              return null;
            }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    long[] nanos = times.stream().mapToLong(Long::longValue).sorted().toArray();
    say("p50_ms", nanos[nanos.length / 2] / 1e6);
    say("p99_ms", nanos[nanos.length * 99 / 100] / 1e6);
    say("exchanges", nanos.length);
    say("mb_per_s", bytes.get() / 1e6 / MEASURED.toSeconds());
  }

  private static void say(String name, double value) {
    System.out.printf(Locale.ROOT, "%s %.3f%n", name, value);
  }
}
