package dev.warren.bench;

import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.NodeRole;
import dev.warren.protocol.tunnel.StreamKind;
import dev.warren.tunnel.NodeIdentity;
import dev.warren.tunnel.PathStatus;
import dev.warren.tunnel.TunnelConnection;
import dev.warren.tunnel.TunnelNode;
import dev.warren.tunnel.TunnelStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// A process of [TunnelCrowd]: `control PORT FOLDER relay|direct` is the control plane, which
/// weighs itself; `daemons PORT FOLDER relay|direct` all the others.
final class TunnelCrowdPeer {
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  /// How many attach or dial at once.
  private static final int AT_ONCE = 16;

  /// Between the last byte and the scales.
  private static final Duration REST = Duration.ofSeconds(3);

  private static final Duration WATCHED = Duration.ofSeconds(10);

  private TunnelCrowdPeer() {}

  public static void main(String[] args) throws Exception {
    int port = Integer.parseInt(args[1]);
    Path folder = Path.of(args[2]);
    switch (args[0]) {
      case "control" -> control(port, folder, args[3].equals("direct"));
      case "daemons" -> daemons(port, folder);
      default -> throw new IllegalArgumentException("no such part: " + args[0]);
    }
  }

  private static void control(int port, Path folder, boolean direct) throws Exception {
    try (TunnelHost host = new TunnelHost(port, direct)) {
      host.start();
      Weight alone = Weight.now();
      System.out.println("ready");
      List<NodeId> daemons =
          TunnelPeer.awaitFile(folder.resolve("daemons")).lines().map(NodeId::new).toList();
      Weight attached = Weight.now();
      say("attached_kib", (attached.residentKib() - alone.residentKib()) / daemons.size());
      int half = daemons.size() / 2;
      List<TunnelStream> streams =
          new ArrayList<>(all(daemons.subList(0, half), daemon -> open(host.node(), daemon)));
      Weight halfway = Weight.now();
      streams.addAll(
          all(daemons.subList(half, daemons.size()), daemon -> open(host.node(), daemon)));
      Weight connected = Weight.now();
      say("connected_kib", (connected.residentKib() - attached.residentKib()) / daemons.size());
      int more = daemons.size() - half;
      say("one_more_kib", (connected.residentKib() - halfway.residentKib()) / more);
      say("one_more_heap_kib", (connected.heapBytes() - halfway.heapBytes()) / 1024.0 / more);
      List<Long> self = List.of(ProcessHandle.current().pid());
      long cpu = ProcStat.cpuMicros(self);
      Thread.sleep(WATCHED);
      say(
          "idle_cpu_percent",
          100.0 * (ProcStat.cpuMicros(self) - cpu) / (WATCHED.toNanos() / 1000.0));
      say("direct", direct(host.node(), daemons));
      for (TunnelStream stream : streams) {
        // Still there, each of them.
        TunnelService.exchange(stream.input(), stream.output());
      }
    }
    System.out.println("done");
  }

  private static TunnelStream open(TunnelNode node, NodeId daemon) throws Exception {
    TunnelStream stream =
        node.connection(daemon, DEADLINE).openStream(StreamKind.HTTP, "", DEADLINE);
    stream.output().write('E');
    TunnelService.exchange(stream.input(), stream.output());
    return stream;
  }

  private static int direct(TunnelNode node, List<NodeId> daemons) throws Exception {
    int count = 0;
    for (NodeId daemon : daemons) {
      TunnelConnection connection = node.connection(daemon, DEADLINE);
      count += connection.path().kind() == PathStatus.Kind.DIRECT ? 1 : 0;
    }
    return count;
  }

  private static void daemons(int port, Path folder) throws Exception {
    List<TunnelNode> nodes = new ArrayList<>();
    for (int i = 0; i < TunnelCrowd.NODES; i++) {
      nodes.add(
          new TunnelNode(
              NodeIdentity.generate(),
              stream -> TunnelService.serve(stream.input(), stream.output())));
    }
    List<String> ids =
        all(
            nodes,
            node -> {
              TunnelPeer.attach(node, port, NodeRole.DAEMON);
              return node.id().value();
            });
    TunnelBench.write(folder.resolve("daemons"), String.join("\n", ids));
    Thread.sleep(Duration.ofHours(1));
  }

  private interface Step<A, B> {
    B of(A from) throws Exception;
  }

  private static <A, B> List<B> all(List<A> of, Step<A, B> step) throws Exception {
    try (ExecutorService executor = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Future<B>> futures = new ArrayList<>();
      for (A one : of) {
        futures.add(executor.submit(() -> step.of(one)));
      }
      List<B> results = new ArrayList<>();
      for (Future<B> future : futures) {
        results.add(future.get());
      }
      return results;
    }
  }

  /// What this process holds once its garbage is gone. Heap that is free counts for nothing: how
  /// much of it a collector keeps depends on what it saw last, and the next object goes there.
  private record Weight(double residentKib, long heapBytes) {
    static Weight now() throws InterruptedException {
      for (int i = 0; i < 3; i++) {
        Thread.sleep(REST);
        System.gc();
      }
      MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
      long resident = ProcStat.residentMib(List.of(ProcessHandle.current().pid()));
      return new Weight(
          resident * 1024.0 - (heap.getCommitted() - heap.getUsed()) / 1024.0, heap.getUsed());
    }
  }

  private static void say(String name, double value) {
    // What was freed elsewhere meanwhile may make a difference negative: the table has no sign.
    System.out.printf(java.util.Locale.ROOT, "%s %.3f%n", name, Math.max(0, value));
  }
}
