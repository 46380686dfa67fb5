package dev.warren.cli.workspace;

import dev.warren.cli.client.Api;
import dev.warren.cli.client.Console;
import dev.warren.cli.client.Failure;
import dev.warren.cli.client.ThisProgram;
import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.NodeRole;
import dev.warren.protocol.tunnel.StreamKind;
import dev.warren.tunnel.AttachRefused;
import dev.warren.tunnel.NodeIdentity;
import dev.warren.tunnel.RelayAttachment;
import dev.warren.tunnel.RelayEndpoint;
import dev.warren.tunnel.StreamAcceptor;
import dev.warren.tunnel.TunnelConnection;
import dev.warren.tunnel.TunnelException;
import dev.warren.tunnel.TunnelNode;
import dev.warren.tunnel.TunnelStream;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/// A workspace of the caller's, reached by a tunnel node of this process with a key of its own.
final class WorkspaceTunnel implements AutoCloseable {
  /// For the attach to the relay, and again for the dial of the daemon.
  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(20);

  /// How often the control plane is asked whether the workspace still runs.
  private static final Duration LOOK_EVERY = Duration.ofSeconds(10);

  private static final Set<String> GONE =
      Set.of("stopping", "stopped", "deleting", "deleted", "failed");

  private final Api api;
  private final String id;
  private final String name;
  private final NodeId daemon;
  private final TunnelNode node;
  private final RelayAttachment attachment;

  private WorkspaceTunnel(
      Api api, String id, String name, NodeId daemon, TunnelNode node, RelayAttachment attachment) {
    this.api = api;
    this.id = id;
    this.name = name;
    this.daemon = daemon;
    this.node = node;
    this.attachment = attachment;
  }

  /// Starts the workspace if it is stopped, then attaches.
  ///
  /// @param progress where a start is shown; not the output of a command
  static WorkspaceTunnel open(Api api, String workspace, Console progress) {
    RunningWorkspace running = RunningWorkspace.of(api, workspace, progress);
    NodeId daemon =
        new NodeId(Console.at(api.get("/workspaces/" + running.id() + "/tunnel"), "node_id"));
    TunnelNode node = new TunnelNode(NodeIdentity.generate(), StreamAcceptor.NONE);
    try {
      node.start();
      RelayAttachment attachment =
          node.attach(
              new RelayEndpoint.Url(
                  URI.create(api.login().url()),
                  NodeRole.CLIENT,
                  ThisProgram.version(),
                  () -> Optional.of(api.login().token())));
      WorkspaceTunnel tunnel =
          new WorkspaceTunnel(api, running.id(), running.name(), daemon, node, attachment);
      tunnel.awaitAttached();
      return tunnel;
    } catch (TunnelException e) {
      node.close();
      throw new Failure("no tunnel from here: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      node.close();
      throw e;
    }
  }

  String name() {
    return name;
  }

  /// The connection to the daemon, dialed when there is none.
  TunnelConnection connection() {
    try {
      return node.connection(daemon, CONNECT_WITHIN);
    } catch (TunnelException e) {
      throw unreachable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure("interrupted", e);
    }
  }

  TunnelStream stream(StreamKind kind, String target) {
    try {
      return connection().openStream(kind, target, CONNECT_WITHIN);
    } catch (TunnelException e) {
      throw unreachable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure("interrupted", e);
    }
  }

  /// Calls back, once, when the workspace runs no more or this client may no longer reach it.
  void whenGone(Consumer<Failure> then) {
    Thread.ofVirtual()
        .name("workspace-watch")
        .start(() -> {
          try {
            while (true) {
              Thread.sleep(LOOK_EVERY);
              Optional<Failure> gone = gone();
              if (gone.isPresent()) {
                then.accept(gone.get());
                return;
              }
            }
          } catch (InterruptedException e) {
            // The process ends.
          }
        });
  }

  /// Why a stream that ended early did, as far as the control plane knows.
  Optional<Failure> gone() {
    try {
      JsonNode workspace = api.get("/workspaces/" + id);
      String status = Console.at(workspace, "status");
      return GONE.contains(status)
          ? Optional.of(new Failure("the workspace %s is %s".formatted(name, status)))
          : Optional.empty();
    } catch (Failure e) {
      boolean forGood = e.status() == 401 || e.status() == 403 || e.status() == 404;
      return forGood ? Optional.of(e) : Optional.empty();
    }
  }

  @Override
  public void close() {
    node.close();
  }

  private void awaitAttached() {
    try {
      if (!attachment.awaitAttached(CONNECT_WITHIN)) {
        throw new Failure(
            "no tunnel through %s within %d s: does a proxy between here and there pass WebSockets?"
                .formatted(api.login().url(), CONNECT_WITHIN.toSeconds()));
      }
    } catch (AttachRefused e) {
      throw new Failure("the control plane refused the tunnel: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure("interrupted", e);
    }
  }

  private Failure unreachable(TunnelException e) {
    return gone()
        .orElseGet(
            () -> new Failure("cannot reach the workspace " + name + ": " + e.getMessage(), e));
  }
}
