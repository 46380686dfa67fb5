package dev.warren.cli.workspace;

import dev.warren.cli.client.Api;
import dev.warren.cli.client.Console;
import dev.warren.cli.client.Failure;
import dev.warren.protocol.tunnel.StreamKind;
import dev.warren.tunnel.TunnelException;
import dev.warren.tunnel.TunnelStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `warren port-forward`: local ports that lead to ports of a workspace, until Ctrl-C or the
/// workspace's stop.
@Command(
    name = "port-forward",
    mixinStandardHelpOptions = true,
    description = "Forward local TCP ports to ports of a workspace.")
public final class PortForward implements Callable<Integer> {
  /// Connections through one process at once; more wait to be accepted.
  private static final int CONNECTIONS_MAX = 200;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Target target = new Target();

  @Option(
      names = "--tcp",
      paramLabel = "[[ADDRESS:]LOCAL:]REMOTE",
      required = true,
      arity = "1..*",
      split = ",",
      description = {
        "a port, or a range FROM-TO; on 127.0.0.1 unless an address is given.",
        "LOCAL 0 means any that is free. May be given several times."
      })
  private List<String> rules = new ArrayList<>();

  private final Semaphore free = new Semaphore(CONNECTIONS_MAX);

  /// What was said once is not said again.
  private final Set<String> said = ConcurrentHashMap.newKeySet();

  @Override
  public Integer call() throws InterruptedException {
    List<PortMapping> mappings = new ArrayList<>();
    try {
      rules.forEach(rule -> mappings.addAll(PortMapping.parse(rule)));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    List<ServerSocket> listeners = new ArrayList<>();
    try (Api api = Api.signedIn();
        WorkspaceTunnel tunnel = WorkspaceTunnel.open(api, target.name(), Console.progress())) {
      tunnel.connection();
      for (PortMapping mapping : mappings) {
        listeners.add(listen(mapping));
      }
      for (int i = 0; i < mappings.size(); i++) {
        serve(tunnel, listeners.get(i), mappings.get(i));
      }
      BlockingQueue<Failure> gone = new ArrayBlockingQueue<>(1);
      tunnel.whenGone(gone::add);
      throw gone.take();
    } finally {
      listeners.forEach(PortForward::close);
    }
  }

  private static ServerSocket listen(PortMapping mapping) {
    try {
      ServerSocket socket = new ServerSocket();
      socket.bind(new InetSocketAddress(InetAddress.getByName(mapping.bind()), mapping.local()));
      return socket;
    } catch (IOException e) {
      throw new Failure(
          "cannot listen on %s:%d (%s): choose another local port, such as --tcp 0:%d for any"
              .formatted(mapping.bind(), mapping.local(), e.getMessage(), mapping.remote()),
          e);
    }
  }

  private void serve(WorkspaceTunnel tunnel, ServerSocket listener, PortMapping mapping) {
    Console.standard()
        .line(
            "%s:%d -> %s:%d"
                .formatted(
                    mapping.bind(), listener.getLocalPort(), tunnel.name(), mapping.remote()));
    System.out.flush();
    Thread.ofVirtual()
        .name("forward-" + mapping.remote())
        .start(() -> {
          try {
            while (true) {
              free.acquire();
              Socket socket = listener.accept();
              Thread.ofVirtual().start(() -> carry(tunnel, socket, mapping.remote()));
            }
          } catch (IOException | InterruptedException e) {
            // The process ends.
          }
        });
  }

  private void carry(WorkspaceTunnel tunnel, Socket socket, int remote) {
    try (socket;
        TunnelStream stream = tunnel.stream(StreamKind.TCP, "127.0.0.1:" + remote)) {
      socket.setTcpNoDelay(true);
      Optional<IOException> early =
          StreamCopy.run(
              stream, socket.getInputStream(), socket.getOutputStream(), socket::shutdownOutput);
      if (early.isPresent() && early.get() instanceof TunnelException refused) {
        sayOnce("port " + remote + ": " + refused.getMessage());
      }
    } catch (Failure e) {
      sayOnce(e.plain());
    } catch (IOException e) {
      // The local side has gone.
    } finally {
      free.release();
    }
  }

  private void sayOnce(String text) {
    if (said.size() < CONNECTIONS_MAX && said.add(text)) {
      System.err.println("warren: " + Console.clean(text));
    }
  }

  private static void close(ServerSocket listener) {
    try {
      listener.close();
    } catch (IOException e) {
      // The process ends.
    }
  }
}
