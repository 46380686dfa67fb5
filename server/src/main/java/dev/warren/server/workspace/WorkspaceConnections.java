package dev.warren.server.workspace;

import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.StreamKind;
import dev.warren.server.workspace.WorkspaceUnreachable.Stage;
import dev.warren.server.workspace.daemon.DaemonClient;
import dev.warren.server.workspace.daemon.DaemonStream;
import dev.warren.tunnel.PathStatus;
import dev.warren.tunnel.TunnelConnection;
import dev.warren.tunnel.TunnelException;
import dev.warren.tunnel.TunnelNode;
import dev.warren.tunnel.TunnelStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Streams to the daemons of workspaces. The tunnel keeps one connection a daemon, dials it at the
/// first stream, shares it, and closes it when nothing has used it for long; this finds out which
/// node is the workspace's daemon, waits a little for one that is about to come, and says plainly
/// what is missing.
public final class WorkspaceConnections {
  /// How long a call waits for a daemon that is on its way: a restart of the daemon or of the
  /// control plane takes about a second.
  public static final Duration DAEMON_WAIT = Duration.ofSeconds(15);

  /// How long the dial of an attached daemon may take.
  public static final Duration DIAL_MAX = Duration.ofSeconds(10);

  /// How long a workspace's daemon is taken for known; what changes here is known at once.
  private static final Duration KNOWN_MAX = Duration.ofSeconds(1);

  /// Daemons that are remembered before all are forgotten.
  private static final int KNOWN_COUNT_MAX = 1000;

  private static final long POLL_MS = 50;

  private final WorkspaceStore store;
  private final Daemons daemons;
  private final TunnelNode node;
  private final Map<WorkspaceId, Known> known = new ConcurrentHashMap<>();

  WorkspaceConnections(
      WorkspaceStore store, Daemons daemons, TunnelNode node, WorkspaceChanges changes) {
    this.store = store;
    this.daemons = daemons;
    this.node = node;
    changes.listen(known::remove);
  }

  /// The daemon of a workspace that was running a moment ago, so that a burst of calls asks the
  /// database once.
  private record Known(NodeId daemon, long readNanos) {
    boolean isFresh() {
      return System.nanoTime() - readNanos < KNOWN_MAX.toNanos();
    }
  }

  /// Opens a stream to the workspace's daemon. The caller has checked that it may.
  ///
  /// @param daemonWait how long to wait for a daemon that is not attached, or a build that runs
  public TunnelStream open(WorkspaceId id, StreamKind kind, String target, Duration daemonWait)
      throws WorkspaceUnreachable, InterruptedException {
    NodeId daemon = awaitDaemon(id, daemonWait);
    try {
      return node.connection(daemon, DIAL_MAX).openStream(kind, target, DIAL_MAX);
    } catch (TunnelException e) {
      throw undialed(id, e);
    }
  }

  /// A client of the daemon's API, each of whose calls goes through [#open].
  public DaemonClient client(WorkspaceId id) {
    return new DaemonClient(
        within -> new DaemonStream.OverTunnel(open(id, StreamKind.HTTP, "", within)));
  }

  /// How a workspace's daemon is reached.
  record Reach(Duration rtt, PathStatus path) {}

  /// The latency to the workspace's daemon, and which way it is reached.
  Reach ping(WorkspaceId id) throws WorkspaceUnreachable, InterruptedException {
    NodeId daemon = awaitDaemon(id, Duration.ZERO);
    try {
      TunnelConnection connection = node.connection(daemon, DIAL_MAX);
      Duration rtt = connection.ping(DIAL_MAX);
      return new Reach(rtt, connection.path());
    } catch (TunnelException e) {
      throw undialed(id, e);
    }
  }

  /// Waits until the workspace's daemon is attached.
  ///
  /// @return its node
  public NodeId awaitDaemon(WorkspaceId id, Duration atMost)
      throws WorkspaceUnreachable, InterruptedException {
    Known before = known.get(id);
    if (before != null && before.isFresh() && daemons.isAttached(before.daemon())) {
      return before.daemon();
    }
    long deadline = System.nanoTime() + atMost.toNanos();
    while (true) {
      Workspace workspace =
          store
              .find(id)
              .orElseThrow(
                  () -> new WorkspaceUnreachable(Stage.UNKNOWN, "there is no workspace " + id));
      WorkspaceStatus status = workspace.status();
      boolean building = status == WorkspaceStatus.PENDING || status == WorkspaceStatus.STARTING;
      if (status == WorkspaceStatus.DELETED || status == WorkspaceStatus.DELETING) {
        throw new WorkspaceUnreachable(
            Stage.UNKNOWN, "the workspace " + workspace.name() + " is " + status);
      }
      if (!building && status != WorkspaceStatus.RUNNING) {
        throw new WorkspaceUnreachable(
            Stage.STOPPED,
            "the workspace " + workspace.name() + " is " + status + "; start it first");
      }
      if (workspace.nodeId().filter(daemons::isAttached).isPresent()) {
        return remember(id, workspace.nodeId().get());
      }
      if (System.nanoTime() - deadline >= 0) {
        throw building
            ? new WorkspaceUnreachable(
                Stage.BUILDING, "the workspace " + workspace.name() + " is still being started")
            : new WorkspaceUnreachable(
                Stage.DAEMON,
                "the workspace "
                    + workspace.name()
                    + " runs, but its daemon is not connected; it comes back by itself when its"
                    + " machine is well, else start the workspace again");
      }
      Thread.sleep(POLL_MS);
    }
  }

  private NodeId remember(WorkspaceId id, NodeId daemon) {
    if (known.size() >= KNOWN_COUNT_MAX) {
      known.clear();
    }
    known.put(id, new Known(daemon, System.nanoTime()));
    store.used(id);
    return daemon;
  }

  private static WorkspaceUnreachable undialed(WorkspaceId id, TunnelException e) {
    String what =
        e.stage() == TunnelException.Stage.OPEN
            ? "no stream to the daemon of workspace %s could be opened (%s)"
            : "the daemon of workspace %s is attached but did not answer (%s)";
    return new WorkspaceUnreachable(Stage.DIAL, what.formatted(id, e.getMessage()), e);
  }
}
