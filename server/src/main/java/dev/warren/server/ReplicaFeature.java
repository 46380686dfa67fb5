package dev.warren.server;

import dev.warren.server.db.Database;
import dev.warren.server.db.Notifications;
import dev.warren.server.http.Route;
import dev.warren.server.replica.PeerClient;
import dev.warren.server.replica.RelayLinks;
import dev.warren.server.replica.Replica;
import dev.warren.server.replica.ReplicaAddress;
import dev.warren.server.replica.ReplicaCalls;
import dev.warren.server.workspace.WorkspaceChanges;
import dev.warren.server.workspace.WorkspaceId;
import dev.warren.tunnel.NodeIdentity;
import dev.warren.tunnel.relay.RelayMesh;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// What this control plane is to the others on its database, put together: its life, its calls to
/// them, and the wake-ups between them.
final class ReplicaFeature implements AutoCloseable {
  private static final String WORKSPACES = "workspace";

  private final Notifications notifications;
  private final Replica replica;
  private final ReplicaCalls calls;
  private final PeerClient client;
  private final RelayLinks links;

  ReplicaFeature(Database database, Optional<URI> url, NodeIdentity identity, Clock clock) {
    this.notifications = new Notifications(database);
    this.replica = new Replica(database, ReplicaAddress.of(url, identity.publicKey()));
    this.calls = new ReplicaCalls(identity, replica.peers(), clock);
    this.client = new PeerClient(calls);
    this.links = new RelayLinks(replica.peers(), calls, client);
  }

  Notifications notifications() {
    return notifications;
  }

  Replica replica() {
    return replica;
  }

  ReplicaCalls calls() {
    return calls;
  }

  PeerClient client() {
    return client;
  }

  List<Route> routes() {
    return links.routes();
  }

  /// Carries changes of workspaces between the replicas.
  void carry(WorkspaceChanges changes) {
    changes.listenHere(id -> notifications.publish(WORKSPACES, id.toString()));
    notifications.listen(WORKSPACES, note -> changes.heard(new WorkspaceId(UUID.fromString(note))));
  }

  void start(RelayMesh mesh) {
    notifications.start();
    links.start(mesh);
  }

  @Override
  public void close() {
    links.close();
    notifications.close();
    client.close();
  }
}
