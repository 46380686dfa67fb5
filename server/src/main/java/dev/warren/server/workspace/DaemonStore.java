package dev.warren.server.workspace;

import dev.warren.protocol.NodeId;
import dev.warren.server.access.UserId;
import dev.warren.server.db.Database;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Which daemon is a workspace's: tokens of builds, and the node that came with one.
final class DaemonStore {
  private final Database database;

  DaemonStore(Database database) {
    this.database = database;
  }

  /// Gives the build's daemon a token, instead of an earlier one.
  void setToken(BuildId id, byte[] tokenHash, Optional<Instant> expiresAt) {
    database.use(handle ->
        handle
            .createUpdate(
                """
                UPDATE builds SET token_sha256 = :hash, token_expires_at = :expires
                WHERE id = :id
                """)
            .bind("hash", tokenHash)
            .bind("expires", expiresAt.orElse(null))
            .bind("id", id)
            .execute());
  }

  /// The workspace whose newest build this token belongs to.
  Optional<Workspace> findByToken(byte[] tokenHash) {
    return database.with(handle ->
        handle
            .createQuery(
                WorkspaceStore.SELECT
                    + """
                    WHERE b.token_sha256 = :hash AND w.deleted_at IS NULL
                      AND (b.token_expires_at IS NULL OR b.token_expires_at > now())
                    """)
            .bind("hash", tokenHash)
            .mapTo(WorkspaceStore.Row.class)
            .findOne()
            .map(WorkspaceStore.Row::workspace));
  }

  Optional<Workspace> findByNode(NodeId node) {
    return database.with(handle ->
        handle
            .createQuery(WorkspaceStore.SELECT + "WHERE w.node_id = :node AND w.deleted_at IS NULL")
            .bind("node", node.value())
            .mapTo(WorkspaceStore.Row.class)
            .findOne()
            .map(WorkspaceStore.Row::workspace));
  }

  /// The daemons of this user's workspaces.
  List<NodeId> nodesOf(UserId owner) {
    return database.with(handle ->
        handle
            .createQuery(
                """
                SELECT node_id FROM workspaces
                WHERE owner_id = :owner AND node_id IS NOT NULL AND deleted_at IS NULL
                """)
            .bind("owner", owner)
            .mapTo(String.class)
            .map(NodeId::new)
            .list());
  }

  /// Notes that the node came as this workspace's daemon.
  void pin(WorkspaceId id, NodeId node, String version) {
    database.use(handle ->
        handle
            .createUpdate(
                """
                UPDATE workspaces SET node_id = :node, daemon_version = :version,
                  daemon_attached_at = now()
                WHERE id = :id
                """)
            .bind("node", node.value())
            .bind("version", version)
            .bind("id", id)
            .execute());
  }

  /// Forgets the workspace's daemon and the tokens of its builds.
  ///
  /// @return the node that was its daemon
  Optional<NodeId> unpin(WorkspaceId id) {
    return database.inTransaction(handle -> {
      Optional<String> node =
          handle
              .createQuery("SELECT node_id FROM workspaces WHERE id = :id FOR UPDATE")
              .bind("id", id)
              .mapTo(String.class)
              .findOne();
      handle
          .createUpdate(
              "UPDATE workspaces SET node_id = NULL, daemon_attached_at = NULL WHERE id = :id")
          .bind("id", id)
          .execute();
      handle
          .createUpdate("UPDATE builds SET token_sha256 = NULL WHERE workspace_id = :id")
          .bind("id", id)
          .execute();
      return node.map(NodeId::new);
    });
  }
}
