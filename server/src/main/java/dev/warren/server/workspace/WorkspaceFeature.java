package dev.warren.server.workspace;

import dev.warren.protocol.NodeId;
import dev.warren.server.access.CredentialId;
import dev.warren.server.audit.AuditLog;
import dev.warren.server.db.Database;
import dev.warren.server.gitauth.GitCredentials;
import dev.warren.server.http.Authenticator;
import dev.warren.server.http.Route;
import dev.warren.server.template.EngineKind;
import dev.warren.server.template.Templates;
import dev.warren.server.workspace.sandbox.FolderRemoval;
import dev.warren.server.workspace.sandbox.LocalMount;
import dev.warren.server.workspace.sandbox.Sandbox;
import dev.warren.server.workspace.sandbox.SandboxException;
import dev.warren.tunnel.TunnelNode;
import dev.warren.tunnel.relay.Admission;
import dev.warren.tunnel.relay.Relay;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Workspaces, put together: the one class of this feature that the composition root makes. The
/// relay needs the [#admission], and this needs the relay, so it is given by [#start].
public final class WorkspaceFeature implements AutoCloseable {
  /// How long the start of a local workspace watches for its daemon.
  private static final Duration LOCAL_DAEMON_WAIT = Duration.ofSeconds(20);

  /// How long the start of an external workspace waits for its daemon.
  private static final Duration EXTERNAL_DAEMON_WAIT = Duration.ofHours(24);

  private static final Duration EXTERNAL_POLL = Duration.ofMillis(500);
  private static final Logger log = LoggerFactory.getLogger(WorkspaceFeature.class);

  private final WorkspaceStore store;
  private final WorkspacesFolder folder;
  private final boolean unisolated;
  private final Templates templates;
  private final Clients clients;
  private final Daemons daemons;
  private final DaemonGit git;
  private final BuildWorker worker;
  private final Workspaces workspaces;
  private final WorkspaceConnections connections;
  private final List<Route> routes;
  private final AtomicReference<Relay> relay = new AtomicReference<>();

  /// @param node the control plane's own, with which it dials daemons
  /// @param authenticator proves the command lines of users that attach
  /// @throws IllegalArgumentException when a setting is wrong, with a message for the operator
  public WorkspaceFeature(
      WorkspaceSettings settings,
      Database database,
      Templates templates,
      TunnelNode node,
      Authenticator authenticator,
      GitCredentials credentials,
      AuditLog auditLog,
      Clock clock)
      throws IOException {
    this.templates = templates;
    this.unisolated = settings.localUnisolated();
    this.folder = WorkspacesFolder.beside(settings.dataFolder());
    DaemonBundles bundles = new DaemonBundles(settings.bundlesFolder());
    List<LocalMount> mounts =
        LocalMount.parse(settings.localMounts(), List.of(settings.dataFolder(), folder.path()));
    WorkspaceChanges changes = new WorkspaceChanges();
    DaemonAudit audit =
        (workspace, known, request, refused) ->
            auditLog.record(
                Optional.empty(),
                "daemon " + request.node().brief(),
                refused ? "daemon.refused" : "daemon.replaced",
                "workspace " + workspace.id(),
                "from %s; the known daemon is %s"
                    .formatted(request.remoteAddress(), known.brief()));
    this.store = new WorkspaceStore(database);
    BuildStore builds = new BuildStore(database);
    DaemonStore daemonStore = new DaemonStore(database);
    this.clients = new Clients(daemonStore, authenticator, this::sendAway);
    this.daemons = new Daemons(daemonStore, node.id(), clients, audit, changes);
    this.git = new DaemonGit(daemons, templates, credentials, auditLog);
    List<Engine> engines =
        List.of(
            new LocalEngine(
                new LocalEngine.Settings(
                    folder,
                    settings.dataFolder().toRealPath(),
                    bundles,
                    settings.accessUrl(),
                    mounts,
                    unisolated,
                    LOCAL_DAEMON_WAIT)),
            new ExternalEngine(EXTERNAL_DAEMON_WAIT, EXTERNAL_POLL));
    this.worker =
        new BuildWorker(
            builds,
            store,
            daemons,
            engines,
            changes,
            nodeId -> sendAway(nodeId, "the workspace was stopped"));
    this.workspaces =
        new Workspaces(store, builds, daemons, worker, templates, changes, settings.hostIsOwn());
    this.connections = new WorkspaceConnections(store, daemons, node, changes);
    List<Route> all = new ArrayList<>();
    all.addAll(
        new WorkspaceRoutes(workspaces, connections, settings.accessUrl(), auditLog, clock)
            .routes());
    all.addAll(new TunnelRoutes(workspaces, connections).routes());
    all.addAll(new TerminalRoutes(workspaces, connections).routes());
    all.addAll(
        new DaemonRoutes(bundles, new DaemonBundles(settings.bundlesFolder().resolveSibling("cli")))
            .routes());
    this.routes = List.copyOf(all);
  }

  /// Says which daemons and which users' command lines may attach to the relay.
  public Admission admission() {
    return new NodeAdmission(daemons, clients, git);
  }

  /// Ends the tunnels that were opened with these.
  public void revoke(Set<CredentialId> credentials) {
    clients.revoke(credentials);
  }

  public Workspaces workspaces() {
    return workspaces;
  }

  public WorkspaceConnections connections() {
    return connections;
  }

  public List<Route> routes() {
    return routes;
  }

  /// Makes the `local` template when it is the first start, and begins to carry builds out.
  public void start(Relay relay) {
    this.relay.set(relay);
    daemons.approving(relay::approve);
    templates.seed();
    clients.start();
    worker.start();
  }

  /// Ends and removes all local workspaces of this installation, for throw-away data. Builds must
  /// no longer be carried out: call it after [#close], while the database is still there.
  public void removeLocal() throws InterruptedException {
    for (WorkspaceId id : store.existing(EngineKind.LOCAL)) {
      try {
        Sandbox.stop(folder.of(id), Duration.ofSeconds(1), unisolated);
        Sandbox.delete(folder.of(id));
      } catch (SandboxException e) {
        log.warn("the workspace {} is not removed: {}", id, e.getMessage());
      }
    }
    try {
      FolderRemoval.remove(folder.path());
    } catch (IOException e) {
      log.warn("{} is not removed: {}", folder.path(), e.getMessage());
    }
  }

  /// Hands unfinished builds over; workspaces run on.
  @Override
  public void close() {
    clients.close();
    worker.close();
  }

  private void sendAway(NodeId node, String reason) {
    Relay here = relay.get();
    if (here != null) {
      here.revoke(node, reason);
    }
  }
}
