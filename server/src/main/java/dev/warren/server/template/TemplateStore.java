package dev.warren.server.template;

import dev.warren.protocol.Json;
import dev.warren.protocol.UuidV7;
import dev.warren.server.access.UserId;
import dev.warren.server.db.Database;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import tools.jackson.core.type.TypeReference;

/// The tables `templates` and `template_versions`.
final class TemplateStore {
  private static final String SELECT =
      """
      SELECT t.id, t.name, t.display_name, t.description, t.engine, t.active_version_id,
             v.parameters::text AS parameters, t.deprecated, t.git_hosts, v.readme
      FROM templates t JOIN template_versions v ON v.id = t.active_version_id
      """;

  private final Database database;

  TemplateStore(Database database) {
    this.database = database;
  }

  /// A row of [#SELECT].
  record Row(
      TemplateId id,
      String name,
      String displayName,
      String description,
      EngineKind engine,
      TemplateVersionId activeVersionId,
      String parameters,
      boolean deprecated,
      List<String> gitHosts,
      String readme) {
    Template template() {
      return new Template(
          id,
          name,
          displayName,
          description,
          engine,
          activeVersionId,
          readParameters(parameters),
          deprecated,
          gitHosts,
          readme);
    }
  }

  /// A version to be.
  record NewVersion(
      List<TemplateParameter> parameters,
      String readme,
      Optional<byte[]> archive,
      Optional<UserId> by) {
    NewVersion {
      parameters = List.copyOf(parameters);
    }
  }

  static List<TemplateParameter> readParameters(String json) {
    return Json.LENIENT.readValue(json, new TypeReference<List<TemplateParameter>>() {});
  }

  Optional<Template> find(TemplateId id) {
    return database
        .with(handle ->
            handle
                .createQuery(SELECT + "WHERE t.id = :id AND t.deleted_at IS NULL")
                .bind("id", id)
                .mapTo(Row.class)
                .findOne())
        .map(Row::template);
  }

  Optional<Template> findByName(String name) {
    return database
        .with(handle ->
            handle
                .createQuery(SELECT + "WHERE lower(t.name) = lower(:name) AND t.deleted_at IS NULL")
                .bind("name", name)
                .mapTo(Row.class)
                .findOne())
        .map(Row::template);
  }

  /// Parameters of a version that a workspace was built with, active or not.
  Optional<List<TemplateParameter>> parameters(TemplateVersionId version) {
    return database
        .with(handle ->
            handle
                .createQuery("SELECT parameters::text FROM template_versions WHERE id = :id")
                .bind("id", version)
                .mapTo(String.class)
                .findOne())
        .map(TemplateStore::readParameters);
  }

  /// The newest first, after a cursor.
  List<TemplateVersion> versions(TemplateId id, Optional<UUID> after, int limit) {
    return database.with(handle ->
        handle
            .createQuery(
                """
                SELECT v.id, v.number, v.id = t.active_version_id AS active,
                       u.username AS created_by, v.created_at
                FROM template_versions v JOIN templates t ON t.id = v.template_id
                LEFT JOIN users u ON u.id = v.created_by
                WHERE v.template_id = :id
                  AND (CAST(:after AS uuid) IS NULL OR v.id < CAST(:after AS uuid))
                ORDER BY v.id DESC LIMIT :limit
                """)
            .bind("id", id)
            .bind("after", after.orElse(null))
            .bind("limit", limit)
            .mapTo(TemplateVersion.class)
            .list());
  }

  /// What a version holds.
  ///
  /// @param archive as it was pushed; absent for a version that was made without a folder
  record Content(String parameters, String readme, Optional<byte[]> archive) {}

  Optional<Content> content(TemplateId id, TemplateVersionId version) {
    return database.with(handle ->
        handle
            .createQuery(
                """
                SELECT parameters::text AS parameters, readme, archive FROM template_versions
                WHERE id = :version AND template_id = :id
                """)
            .bind("version", version)
            .bind("id", id)
            .map((row, _) ->
                new Content(
                    row.getString("parameters"),
                    row.getString("readme"),
                    Optional.ofNullable(row.getBytes("archive"))))
            .findOne());
  }

  /// By id, after a cursor.
  List<Template> list(Optional<TemplateId> after, int limit) {
    return database
        .with(handle ->
            handle
                .createQuery(
                    SELECT
                        + """
                        WHERE t.deleted_at IS NULL
                          AND (CAST(:after AS uuid) IS NULL OR t.id > CAST(:after AS uuid))
                        ORDER BY t.id LIMIT :limit
                        """)
                .bind("after", after.map(TemplateId::value).orElse(null))
                .bind("limit", limit)
                .mapTo(Row.class)
                .list())
        .stream()
        .map(Row::template)
        .toList();
  }

  /// @return nothing when the name is taken
  Optional<TemplateId> insert(
      String name, String displayName, String description, EngineKind engine, NewVersion version) {
    TemplateId id = new TemplateId(UuidV7.next());
    try {
      database.useTransaction(
          handle -> insert(handle, id, name, displayName, description, engine, false, version));
      return Optional.of(id);
    } catch (JdbiException e) {
      if (Database.isUniqueViolation(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /// Makes the built-in template unless it was made once; a deleted one stays deleted.
  void seed(
      String name, String displayName, String description, EngineKind engine, NewVersion version) {
    database.useTransaction(handle -> {
      handle.execute("LOCK TABLE templates IN SHARE ROW EXCLUSIVE MODE");
      boolean seeded =
          handle
              .createQuery(
                  "SELECT count(*) > 0 FROM templates WHERE name = :name"
                      + " AND (built_in OR deleted_at IS NULL)")
              .bind("name", name)
              .mapTo(Boolean.class)
              .one();
      if (!seeded) {
        TemplateId id = new TemplateId(UuidV7.next());
        insert(handle, id, name, displayName, description, engine, true, version);
      }
    });
  }

  private static void insert(
      Handle handle,
      TemplateId id,
      String name,
      String displayName,
      String description,
      EngineKind engine,
      boolean builtIn,
      NewVersion version) {
    TemplateVersionId versionId = new TemplateVersionId(UuidV7.next());
    handle
        .createUpdate(
            """
            INSERT INTO templates
              (id, name, display_name, description, engine, active_version_id, built_in)
            VALUES (:id, :name, :display_name, :description, :engine, :version, :built_in)
            """)
        .bind("id", id)
        .bind("name", name)
        .bind("display_name", displayName)
        .bind("description", description)
        .bind("engine", engine)
        .bind("version", versionId)
        .bind("built_in", builtIn)
        .execute();
    insertVersion(handle, id, versionId, 1, version);
  }

  private static void insertVersion(
      Handle handle, TemplateId id, TemplateVersionId versionId, int number, NewVersion version) {
    handle
        .createUpdate(
            """
            INSERT INTO template_versions
              (id, template_id, number, parameters, readme, archive, created_by)
            VALUES (:id, :template, :number, CAST(:parameters AS json), :readme, :archive, :by)
            """)
        .bind("id", versionId)
        .bind("template", id)
        .bind("number", number)
        .bind("parameters", Json.STRICT.writeValueAsString(version.parameters()))
        .bind("readme", version.readme())
        .bind("archive", version.archive().orElse(null))
        .bind("by", version.by().map(UserId::value).orElse(null))
        .execute();
  }

  /// Adds a version and makes it the active one.
  TemplateVersionId addVersion(TemplateId id, NewVersion version) {
    TemplateVersionId versionId = new TemplateVersionId(UuidV7.next());
    database.useTransaction(handle -> {
      handle
          .createQuery("SELECT 1 FROM templates WHERE id = :id FOR UPDATE")
          .bind("id", id)
          .mapTo(Integer.class)
          .one();
      int number =
          handle
              .createQuery("SELECT max(number) + 1 FROM template_versions WHERE template_id = :id")
              .bind("id", id)
              .mapTo(Integer.class)
              .one();
      insertVersion(handle, id, versionId, number, version);
      handle
          .createUpdate(
              "UPDATE templates SET active_version_id = :version, updated_at = now() WHERE id = :id")
          .bind("version", versionId)
          .bind("id", id)
          .execute();
    });
    return versionId;
  }

  /// @return false when the version to make active is none of the template's; nothing is changed
  ///   then
  boolean update(TemplateId id, Templates.Change change) {
    return database.with(handle ->
        handle
            .createUpdate(
                """
                UPDATE templates t SET
                  display_name = coalesce(:display_name, display_name),
                  description = coalesce(:description, description),
                  deprecated = coalesce(:deprecated, deprecated),
                  git_hosts = coalesce(CAST(:git_hosts AS text[]), git_hosts),
                  active_version_id = coalesce(:version, active_version_id),
                  updated_at = now()
                WHERE t.id = :id AND (CAST(:version AS uuid) IS NULL
                  OR EXISTS (SELECT 1 FROM template_versions v
                             WHERE v.id = :version AND v.template_id = :id))
                """)
            .bind("display_name", change.displayName().orElse(null))
            .bind("description", change.description().orElse(null))
            .bind("deprecated", change.deprecated().orElse(null))
            .bind(
                "git_hosts", change.gitHosts().map(all -> all.toArray(String[]::new)).orElse(null))
            .bind("version", change.activeVersionId().orElse(null))
            .bind("id", id)
            .execute())
        > 0;
  }

  /// Marks the template deleted unless a workspace still uses it.
  boolean delete(TemplateId id) {
    return database.with(handle ->
        handle
            .createUpdate(
                """
                UPDATE templates SET deleted_at = now() WHERE id = :id
                  AND NOT EXISTS (SELECT 1 FROM workspaces w
                                  WHERE w.template_id = :id AND w.deleted_at IS NULL)
                """)
            .bind("id", id)
            .execute())
        > 0;
  }
}
