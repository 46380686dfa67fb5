package dev.warren.bench;

import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.NodeRole;
import dev.warren.protocol.tunnel.StreamKind;
import dev.warren.server.access.Caller;
import dev.warren.server.access.CredentialId;
import dev.warren.server.http.Authenticator;
import dev.warren.tunnel.NodeIdentity;
import dev.warren.tunnel.PathStatus;
import dev.warren.tunnel.RelayEndpoint;
import dev.warren.tunnel.StreamAcceptor;
import dev.warren.tunnel.TunnelConnection;
import dev.warren.tunnel.TunnelNode;
import dev.warren.tunnel.TunnelStream;
import dev.warren.tunnel.relay.Admission;
import dev.warren.tunnel.relay.Approval;
import dev.warren.tunnel.relay.AttachRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A process of the tunnel's benchmark. `control PORT FOLDER relay|direct` is the product's port
/// with its relay, and a load from the control plane's own node once `FOLDER/go` names the
/// processes to count; `daemon PORT FOLDER` the far end; `client PORT FOLDER PIDS relay|direct` a
/// load from a node of its own; `tcp-server PORT` and `tcp-client PORT PIDS` the same over a bare
/// socket.
final class TunnelPeer {
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private TunnelPeer() {}

  public static void main(String[] args) throws Exception {
    int port = Integer.parseInt(args[1]);
    switch (args[0]) {
      case "control" -> control(port, Path.of(args[2]), args[3].equals("direct"));
      case "daemon" -> daemon(port, Path.of(args[2]));
      case "client" -> client(port, Path.of(args[2]), pids(args[3]), args[4].equals("direct"));
      case "tcp-server" -> tcpServer(port);
      case "tcp-client" -> new TunnelLoad(new Tcp(port), pids(args[2])).run();
      default -> throw new IllegalArgumentException("no such part: " + args[0]);
    }
    System.out.println("done");
  }

  private static List<Long> pids(String text) {
    return Arrays.stream(text.split(",", -1)).map(Long::valueOf).toList();
  }

  private static void control(int port, Path folder, boolean direct) throws Exception {
    try (TunnelHost host = new TunnelHost(port, direct)) {
      host.start();
      System.out.println("ready");
      NodeId target = new NodeId(awaitFile(folder.resolve("daemon")));
      String pids = awaitFile(folder.resolve("go"));
      load(host.node(), target, pids(pids), direct);
      System.out.println("done");
      // The relay stays for the client, until this process is ended.
      Thread.sleep(Duration.ofHours(1));
    }
  }

  private static void daemon(int port, Path folder) throws Exception {
    TunnelNode node =
        new TunnelNode(
            NodeIdentity.generate(),
            stream -> TunnelService.serve(stream.input(), stream.output()));
    attach(node, port, NodeRole.DAEMON);
    Path file = folder.resolve("daemon.new");
    Files.writeString(file, node.id().value());
    Files.move(file, folder.resolve("daemon"));
    Thread.sleep(Duration.ofHours(1));
  }

  private static void client(int port, Path folder, List<Long> pids, boolean direct)
      throws Exception {
    try (TunnelNode node = new TunnelNode(NodeIdentity.generate(), StreamAcceptor.NONE)) {
      attach(node, port, NodeRole.CLIENT);
      NodeId target = new NodeId(awaitFile(folder.resolve("daemon")));
      load(node, target, pids, direct);
    }
  }

  /// Measures once the way is the one that is meant.
  private static void load(TunnelNode node, NodeId target, List<Long> pids, boolean direct)
      throws Exception {
    long end = System.nanoTime() + DEADLINE.toNanos();
    while (direct && node.connection(target, DEADLINE).path().kind() != PathStatus.Kind.DIRECT) {
      if (System.nanoTime() > end) {
        throw new IOException(
            "no direct path: " + node.connection(target, DEADLINE).path().whyNotDirect());
      }
      node.connection(target, DEADLINE).ping(DEADLINE);
      Thread.sleep(Duration.ofMillis(20));
    }
    new TunnelLoad(new Tunnel(node, target), pids).run();
    System.err.println(node.connection(target, DEADLINE).path() + " " + node.stats());
  }

  static void attach(TunnelNode node, int port, NodeRole role) throws Exception {
    node.start();
    boolean attached =
        node.attach(
                new RelayEndpoint.Url(
                    URI.create("http://127.0.0.1:" + port), role, "bench", Optional::empty))
            .awaitAttached(DEADLINE);
    if (!attached) {
      throw new IOException("not attached to the relay");
    }
  }

  static String awaitFile(Path file) throws Exception {
    while (!Files.exists(file)) {
      Thread.sleep(Duration.ofMillis(20));
    }
    return Files.readString(file).strip();
  }

  private static void tcpServer(int port) throws IOException {
    try (ServerSocket server = new ServerSocket(port, 128, InetAddress.getLoopbackAddress())) {
      System.out.println("ready");
      serve(server);
    }
  }

  /// Serves bare connections for ever.
  static void serve(ServerSocket server) throws IOException {
    while (true) {
      Socket socket = server.accept();
      socket.setTcpNoDelay(true);
      Thread.startVirtualThread(() -> {
        try (socket) {
          TunnelService.serve(socket.getInputStream(), socket.getOutputStream());
        } catch (IOException e) {
          // The caller has gone.
        }
      });
    }
  }

  /// Each stream a connection of its own.
  private record Tcp(int port) implements TunnelLoad.Transport {
    @Override
    public TunnelLoad.Link open() throws IOException {
      return new Connection(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    @Override
    public TunnelLoad.Link dial() throws IOException {
      return open();
    }

    private record Connection(Socket socket) implements TunnelLoad.Link {
      Connection(Socket socket) {
        this.socket = socket;
        try {
          socket.setTcpNoDelay(true);
        } catch (IOException e) {
          throw new java.io.UncheckedIOException(e);
        }
      }

      @Override
      public InputStream input() throws IOException {
        return socket.getInputStream();
      }

      @Override
      public OutputStream output() throws IOException {
        return socket.getOutputStream();
      }

      @Override
      public void close() throws IOException {
        socket.close();
      }
    }
  }

  /// All streams on one connection.
  private record Tunnel(TunnelNode node, NodeId target) implements TunnelLoad.Transport {
    @Override
    public TunnelLoad.Link open() throws Exception {
      return new Stream(
          node.connection(target, DEADLINE).openStream(StreamKind.HTTP, "", DEADLINE));
    }

    @Override
    public TunnelLoad.Link dial() throws Exception {
      TunnelConnection old = node.connection(target, DEADLINE);
      old.close();
      while (old.isOpen()) {
        Thread.onSpinWait();
      }
      return open();
    }

    private record Stream(TunnelStream stream) implements TunnelLoad.Link {
      @Override
      public InputStream input() {
        return stream.input();
      }

      @Override
      public OutputStream output() {
        return stream.output();
      }

      @Override
      public void close() {
        stream.close();
      }
    }
  }

  /// Lets everyone in; the control plane and every client may dial every daemon.
  static final class Everyone implements Admission {
    private final NodeId own;
    private final Map<NodeId, NodeRole> roles = new ConcurrentHashMap<>();

    Everyone(NodeId own) {
      this.own = own;
      roles.put(own, NodeRole.REPLICA);
    }

    @Override
    public Decision admit(AttachRequest request) {
      roles.put(request.node(), request.role());
      boolean daemon = request.role() == NodeRole.DAEMON;
      return new Decision.Admitted(
          roles.entrySet().stream()
              .filter(other -> daemon != (other.getValue() == NodeRole.DAEMON))
              .map(Map.Entry::getKey)
              .map(other ->
                  daemon
                      ? new Approval(other, request.node(), Set.of(StreamKind.HTTP))
                      : new Approval(request.node(), other, Set.of(StreamKind.HTTP)))
              .toList());
    }

    @Override
    public void attached(AttachRequest request) {}

    @Override
    public void detached(AttachRequest request) {
      if (!request.node().equals(own)) {
        roles.remove(request.node());
      }
    }
  }

  /// No one signs in here.
  static final class Nobody implements Authenticator {
    @Override
    public Optional<Caller> byToken(String token) {
      return Optional.empty();
    }

    @Override
    public Session bySession(String session, Optional<String> csrf) {
      return new Session.Unknown();
    }

    @Override
    public Set<CredentialId> revoked(Collection<CredentialId> credentials) {
      return Set.of();
    }
  }
}
