package dev.warren.server.workspace;

import dev.warren.protocol.Json;
import dev.warren.protocol.NodeId;
import dev.warren.server.access.UserId;
import dev.warren.server.db.Database;
import dev.warren.server.template.EngineKind;
import dev.warren.server.template.TemplateId;
import dev.warren.server.template.TemplateVersionId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import tools.jackson.databind.node.ObjectNode;

/// The tables `workspaces` and `builds`: what people ask for. What the builds' worker does stands
/// in [BuildStore], what daemons do in [DaemonStore].
final class WorkspaceStore {
  static final String SELECT =
      """
      SELECT w.id, w.name, w.owner_id, u.username AS owner_username, u.email AS owner_email,
             w.template_id, t.name AS template_name, t.engine, w.node_id, w.daemon_version,
             w.daemon_attached_at, w.created_at, w.last_used_at,
             b.id AS build_id, b.number, b.transition, b.status, b.error, b.template_version_id,
             b.parameters::text AS parameters, b.created_at AS build_created_at, b.started_at,
             b.finished_at
      FROM workspaces w
      JOIN users u ON u.id = w.owner_id
      JOIN templates t ON t.id = w.template_id
      JOIN LATERAL (SELECT * FROM builds WHERE workspace_id = w.id
                    ORDER BY number DESC LIMIT 1) b ON true
      """;

  private final Database database;

  WorkspaceStore(Database database) {
    this.database = database;
  }

  /// A row of [#SELECT].
  record Row(
      WorkspaceId id,
      String name,
      UserId ownerId,
      String ownerUsername,
      String ownerEmail,
      TemplateId templateId,
      String templateName,
      EngineKind engine,
      Optional<String> nodeId,
      Optional<String> daemonVersion,
      Optional<Instant> daemonAttachedAt,
      Instant createdAt,
      Optional<Instant> lastUsedAt,
      BuildId buildId,
      int number,
      Transition transition,
      BuildStatus status,
      Optional<String> error,
      TemplateVersionId templateVersionId,
      String parameters,
      Instant buildCreatedAt,
      Optional<Instant> startedAt,
      Optional<Instant> finishedAt) {
    Workspace workspace() {
      return new Workspace(
          id,
          name,
          new Workspace.Owner(ownerId, ownerUsername, ownerEmail),
          templateId,
          templateName,
          engine,
          new Build(
              buildId,
              id,
              number,
              transition,
              status,
              error,
              templateVersionId,
              readParameters(parameters),
              buildCreatedAt,
              startedAt,
              finishedAt),
          nodeId.map(NodeId::new),
          daemonVersion,
          daemonAttachedAt,
          createdAt,
          lastUsedAt);
    }
  }

  /// What a new build is to do.
  record NewBuild(
      BuildId id,
      Transition transition,
      TemplateVersionId templateVersionId,
      ObjectNode parameters,
      Optional<UserId> initiator) {}

  static ObjectNode readParameters(String json) {
    return (ObjectNode) Json.LENIENT.readTree(json);
  }

  /// Also a deleted one.
  Optional<Workspace> find(WorkspaceId id) {
    return database.with(handle ->
        handle
            .createQuery(SELECT + "WHERE w.id = :id")
            .bind("id", id)
            .mapTo(Row.class)
            .findOne()
            .map(Row::workspace));
  }

  Optional<Workspace> findByName(UserId owner, String name) {
    return database.with(handle ->
        handle
            .createQuery(
                SELECT
                    + """
                    WHERE w.owner_id = :owner AND lower(w.name) = lower(:name)
                      AND w.deleted_at IS NULL
                    """)
            .bind("owner", owner)
            .bind("name", name)
            .mapTo(Row.class)
            .findOne()
            .map(Row::workspace));
  }

  /// What the create_workspace call made, also when it is deleted by now.
  Optional<Workspace> findByCall(UUID callId) {
    return database.with(handle ->
        handle
            .createQuery(SELECT + "WHERE w.created_by_call = :call")
            .bind("call", callId)
            .mapTo(Row.class)
            .findOne()
            .map(Row::workspace));
  }

  /// Newest first.
  ///
  /// @param owner whose; all users' when absent
  /// @param name exactly this one, when given
  /// @param before ids smaller than this one
  List<Workspace> list(
      Optional<UserId> owner, Optional<String> name, Optional<UUID> before, int limit) {
    return database.with(handle ->
        handle
            .createQuery(
                SELECT
                    + """
                    WHERE w.deleted_at IS NULL
                      AND (CAST(:owner AS uuid) IS NULL OR w.owner_id = CAST(:owner AS uuid))
                      AND (CAST(:name AS text) IS NULL
                           OR lower(w.name) = lower(CAST(:name AS text)))
                      AND (CAST(:before AS uuid) IS NULL OR w.id < CAST(:before AS uuid))
                    ORDER BY w.id DESC LIMIT :limit
                    """)
            .bind("owner", owner.map(UserId::value).orElse(null))
            .bind("name", name.orElse(null))
            .bind("before", before.orElse(null))
            .bind("limit", limit)
            .mapTo(Row.class)
            .map(Row::workspace)
            .list());
  }

  /// Makes a workspace with its first build.
  ///
  /// @param callId of the tool call that asked for it
  /// @return nothing when the owner has one of this name, or the call made one already
  Optional<WorkspaceId> insert(
      WorkspaceId id,
      UserId owner,
      String name,
      TemplateId template,
      Optional<UUID> callId,
      NewBuild build) {
    try {
      database.useTransaction(handle -> {
        handle
            .createUpdate(
                """
                INSERT INTO workspaces (id, owner_id, name, template_id, created_by_call)
                VALUES (:id, :owner, :name, :template, :call)
                """)
            .bind("id", id)
            .bind("owner", owner)
            .bind("name", name)
            .bind("template", template)
            .bind("call", callId.orElse(null))
            .execute();
        insertBuild(handle, id, 1, build);
      });
      return Optional.of(id);
    } catch (JdbiException e) {
      if (Database.isUniqueViolation(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /// Adds a build behind the newest one.
  ///
  /// @return nothing when another build is active
  Optional<BuildId> addBuild(WorkspaceId id, NewBuild build) {
    try {
      return Optional.of(
          database.inTransaction(handle -> {
            int number =
                handle
                    .createQuery(
                        """
                        SELECT max(b.number) + 1 FROM builds b
                        WHERE b.workspace_id = (SELECT id FROM workspaces WHERE id = :id FOR UPDATE)
                        """)
                    .bind("id", id)
                    .mapTo(Integer.class)
                    .one();
            return insertBuild(handle, id, number, build);
          }));
    } catch (JdbiException e) {
      if (Database.isUniqueViolation(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static BuildId insertBuild(Handle handle, WorkspaceId id, int number, NewBuild build) {
    handle
        .createUpdate(
            """
            INSERT INTO builds (id, workspace_id, number, transition, status, template_version_id,
                                parameters, initiator_id)
            VALUES (:id, :workspace, :number, :transition, 'pending', :version,
                    CAST(:parameters AS json), :initiator)
            """)
        .bind("id", build.id())
        .bind("workspace", id)
        .bind("number", number)
        .bind("transition", build.transition())
        .bind("version", build.templateVersionId())
        .bind("parameters", Json.STRICT.writeValueAsString(build.parameters()))
        .bind("initiator", build.initiator().map(UserId::value).orElse(null))
        .execute();
    return build.id();
  }

  void used(WorkspaceId id) {
    database.use(handle ->
        handle
            .createUpdate(
                """
                UPDATE workspaces SET last_used_at = now() WHERE id = :id
                  AND (last_used_at IS NULL OR last_used_at < now() - interval '10 seconds')
                """)
            .bind("id", id)
            .execute());
  }

  /// Ids of the workspaces that an engine may still hold something of.
  List<WorkspaceId> existing(EngineKind engine) {
    return database.with(handle ->
        handle
            .createQuery(
                """
                SELECT w.id FROM workspaces w JOIN templates t ON t.id = w.template_id
                WHERE w.deleted_at IS NULL AND t.engine = :engine
                """)
            .bind("engine", engine)
            .mapTo(WorkspaceId.class)
            .list());
  }

  /// How many workspaces the user has.
  int count(UserId owner) {
    return database.with(handle ->
        handle
            .createQuery(
                "SELECT count(*) FROM workspaces WHERE owner_id = :owner AND deleted_at IS NULL")
            .bind("owner", owner)
            .mapTo(Integer.class)
            .one());
  }

  /// Whether the user administers this installation, or is the only one there is.
  ///
  /// @param aloneIsEnough whether being the only user counts
  boolean mayUseHost(UserId user, boolean aloneIsEnough) {
    return database.with(handle ->
        handle
            .createQuery(
                """
                SELECT (SELECT role = 'admin' FROM users WHERE id = :user)
                       OR (:alone AND (SELECT count(*) = 1 FROM users))
                """)
            .bind("user", user)
            .bind("alone", aloneIsEnough)
            .mapTo(Boolean.class)
            .one());
  }

  /// The workspace's builds, newest first.
  List<Build> builds(WorkspaceId id, int limit) {
    return database.with(handle ->
        handle
            .createQuery(
                BuildStore.SELECT + "WHERE workspace_id = :id ORDER BY number DESC LIMIT :limit")
            .bind("id", id)
            .bind("limit", limit)
            .mapTo(BuildStore.Row.class)
            .map(BuildStore.Row::build)
            .list());
  }

  /// How many users and workspaces of the user a template has, for the ranking of templates.
  record Popularity(TemplateId templateId, int activeDevelopers, int yourWorkspaces) {}

  List<Popularity> popularity(UserId user) {
    return database.with(handle ->
        handle
            .createQuery(
                """
                SELECT template_id, count(DISTINCT owner_id) AS active_developers,
                       count(*) FILTER (WHERE owner_id = :user) AS your_workspaces
                FROM workspaces WHERE deleted_at IS NULL GROUP BY template_id
                """)
            .bind("user", user)
            .mapTo(Popularity.class)
            .list());
  }
}
