package dev.warren.server.workspace;

import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.CloseCode;
import dev.warren.protocol.tunnel.Owner;
import dev.warren.protocol.tunnel.StreamKind;
import dev.warren.tunnel.relay.Admission.Decision;
import dev.warren.tunnel.relay.Approval;
import dev.warren.tunnel.relay.AttachRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says which daemon may attach as which workspace, and knows which are attached here.
///
/// A daemon introduces itself with the token of its workspace's newest build, once; from then on
/// its key is the workspace's daemon, until a stop. Another key with the right token takes over
/// only while the first is not attached (a machine that lost its disk); otherwise two machines hold
/// one token, which is refused and noted.
final class Daemons {
  /// What the control plane opens to a daemon.
  private static final Set<StreamKind> KINDS =
      Set.of(StreamKind.HTTP, StreamKind.TERMINAL, StreamKind.TCP, StreamKind.PING);

  private static final Logger log = LoggerFactory.getLogger(Daemons.class);

  private final DaemonStore store;
  private final NodeId controlPlane;
  private final Clients clients;
  private final DaemonAudit audit;
  private final WorkspaceChanges changes;
  private final Map<NodeId, Attached> attached = new ConcurrentHashMap<>();

  /// Daemons that are attached at another replica, and of which workspace each is.
  private final Map<NodeId, WorkspaceId> elsewhere = new ConcurrentHashMap<>();

  private volatile Consumer<Approval> approving = approval -> {};

  Daemons(
      DaemonStore store,
      NodeId controlPlane,
      Clients clients,
      DaemonAudit audit,
      WorkspaceChanges changes) {
    this.store = store;
    this.controlPlane = controlPlane;
    this.clients = clients;
    this.audit = audit;
    this.changes = changes;
  }

  /// A node that is attached here now.
  private record Attached(long number, WorkspaceId workspace) {}

  Decision admit(AttachRequest request) {
    Optional<Workspace> byToken =
        request.token().flatMap(token -> store.findByToken(new DaemonToken(token).hash()));
    Optional<Workspace> found =
        byToken.or(() -> store.findByNode(request.node())).filter(Workspace::expectsDaemon);
    if (found.isEmpty()) {
      return Decision.Refused.forGood(
          "no workspace expects this daemon: it was stopped, deleted or started anew");
    }
    Workspace workspace = found.get();
    Optional<NodeId> known = workspace.nodeId().filter(node -> !node.equals(request.node()));
    if (known.isPresent()) {
      boolean live = isAttached(known.get());
      audit.replaced(workspace, known.get(), request, live);
      if (live) {
        return new Decision.Refused(
            CloseCode.BUSY, "another daemon is attached as this workspace from elsewhere");
      }
    }
    store.pin(workspace.id(), request.node(), request.version());
    attached.put(request.node(), new Attached(request.number(), workspace.id()));
    List<Approval> approvals =
        new ArrayList<>(clients.approvals(workspace.owner().id(), request.node()));
    approvals.add(new Approval(controlPlane, request.node(), KINDS));
    return new Decision.Admitted(
        approvals,
        Optional.of(new Owner(workspace.owner().username(), workspace.owner().email())),
        workspace.mayGoDirect());
  }

  void attached(AttachRequest request) {
    Attached node = attached.get(request.node());
    if (node != null) {
      log.info("the daemon {} of workspace {} attached", request.node().brief(), node.workspace());
      changes.changed(node.workspace());
    }
  }

  void detached(AttachRequest request) {
    Attached node = attached.get(request.node());
    if (node != null
        && node.number() == request.number()
        && attached.remove(request.node(), node)) {
      log.info("the daemon {} of workspace {} detached", request.node().brief(), node.workspace());
      changes.changed(node.workspace());
    }
  }

  /// A node is attached at another replica, or is there no more: this one may dial it too.
  void elsewhere(NodeId node, boolean isThere) {
    if (!isThere) {
      Optional.ofNullable(elsewhere.remove(node)).ifPresent(changes::heard);
      return;
    }
    Optional<Workspace> workspace = store.findByNode(node).filter(Workspace::expectsDaemon);
    if (workspace.isPresent()) {
      elsewhere.put(node, workspace.get().id());
      clients.approvals(workspace.get().owner().id(), node).forEach(approving);
      approving.accept(new Approval(controlPlane, node, KINDS));
      changes.heard(workspace.get().id());
    }
  }

  /// @param approve tells the relay of a pair
  void approving(Consumer<Approval> approve) {
    approving = approve;
  }

  /// The workspace that this attached node is the daemon of, still.
  Optional<Workspace> attachedAs(AttachRequest request) {
    Attached node = attached.get(request.node());
    return node == null || node.number() != request.number()
        ? Optional.empty()
        : store.findByNode(request.node()).filter(Workspace::expectsDaemon);
  }

  /// Whether the node is attached, at whichever replica.
  boolean isAttached(NodeId node) {
    return attached.containsKey(node) || elsewhere.containsKey(node);
  }

  /// Gives the build's daemon a new token, instead of an earlier one.
  DaemonToken newToken(BuildId build, Optional<Instant> expiresAt) {
    DaemonToken token = DaemonToken.generate();
    store.setToken(build, token.hash(), expiresAt);
    return token;
  }

  /// Forgets the workspace's daemon, so that it may not come back.
  ///
  /// @return the node to send away
  Optional<NodeId> dismiss(WorkspaceId id) {
    return store.unpin(id);
  }

  /// What the workspace's daemon looks like from here.
  ///
  /// @param mayBeUp whether the engine does not know that it is gone
  DaemonStatus status(Workspace workspace, boolean mayBeUp) {
    Optional<String> version = workspace.daemonVersion();
    if (!workspace.expectsDaemon()) {
      return new DaemonStatus(DaemonStatus.State.DISCONNECTED, version);
    }
    if (workspace.nodeId().filter(this::isAttached).isPresent()) {
      return new DaemonStatus(DaemonStatus.State.CONNECTED, version);
    }
    boolean building = workspace.latestBuild().status().isActive();
    boolean cameOnce =
        workspace
            .daemonAttachedAt()
            .filter(at -> at.isAfter(workspace.latestBuild().createdAt()))
            .isPresent();
    boolean connecting = building || (mayBeUp && !cameOnce);
    return new DaemonStatus(
        connecting ? DaemonStatus.State.CONNECTING : DaemonStatus.State.DISCONNECTED, version);
  }

  /// How long a token on a command line may wait for its first use.
  static final Duration TOKEN_TTL = Duration.ofHours(1);
}
