package dev.warren.server.workspace;

import dev.warren.server.db.Database;
import dev.warren.server.template.TemplateVersionId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// The tables `builds` and `build_logs`, for whoever carries builds out and reads their logs. Every
/// write of a worker holds only while the build is still its own.
final class BuildStore {
  /// Longest line of a log, in characters; the rest is cut.
  static final int LINE_CHARS_MAX = 4000;

  static final String SELECT =
      """
      SELECT id, workspace_id, number, transition, status, error, template_version_id,
             parameters::text AS parameters, created_at, started_at, finished_at
      FROM builds
      """;

  private final Database database;

  BuildStore(Database database) {
    this.database = database;
  }

  /// A row of `builds`.
  record Row(
      BuildId id,
      WorkspaceId workspaceId,
      int number,
      Transition transition,
      BuildStatus status,
      Optional<String> error,
      TemplateVersionId templateVersionId,
      String parameters,
      Instant createdAt,
      Optional<Instant> startedAt,
      Optional<Instant> finishedAt) {
    Build build() {
      return new Build(
          id,
          workspaceId,
          number,
          transition,
          status,
          error,
          templateVersionId,
          WorkspaceStore.readParameters(parameters),
          createdAt,
          startedAt,
          finishedAt);
    }
  }

  /// A line of a log.
  record Line(long id, Instant at, String line) {}

  Optional<Build> find(BuildId id) {
    return database.with(handle ->
        handle
            .createQuery(SELECT + "WHERE id = :id")
            .bind("id", id)
            .mapTo(Row.class)
            .findOne()
            .map(Row::build));
  }

  /// Takes one build that waits, or whose worker is gone, and makes it this worker's.
  ///
  /// @param staleAfter without a beat for so long a worker counts as gone
  Optional<Build> claim(UUID worker, Duration staleAfter) {
    return database.inTransaction(handle ->
        handle
            .createQuery(
                """
                UPDATE builds SET
                  status = CASE status WHEN 'pending' THEN 'running' ELSE status END,
                  worker_id = :worker, beat_at = now(),
                  started_at = coalesce(started_at, now())
                WHERE id = (
                  SELECT id FROM builds
                  WHERE status IN ('pending', 'running', 'canceling')
                    AND (worker_id IS NULL OR beat_at < now() - make_interval(secs => :stale))
                  ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED)
                RETURNING id, workspace_id, number, transition, status, error,
                  template_version_id, parameters::text AS parameters, created_at, started_at,
                  finished_at
                """)
            .bind("worker", worker)
            .bind("stale", staleAfter.toMillis() / 1000.0)
            .mapTo(Row.class)
            .findOne()
            .map(Row::build));
  }

  /// Says that the worker lives, and tells which of its builds are to be canceled.
  ///
  /// @param running the builds that it really works on; one that it lost goes stale
  List<BuildId> beat(UUID worker, Set<BuildId> running) {
    UUID[] ids = running.stream().map(BuildId::value).toArray(UUID[]::new);
    return database.with(handle -> {
      handle
          .createUpdate(
              """
              UPDATE builds SET beat_at = now()
              WHERE worker_id = :worker AND status IN ('running', 'canceling') AND id = ANY(:ids)
              """)
          .bind("worker", worker)
          .bind("ids", ids)
          .execute();
      return handle
          .createQuery("SELECT id FROM builds WHERE worker_id = :worker AND status = 'canceling'")
          .bind("worker", worker)
          .mapTo(BuildId.class)
          .list();
    });
  }

  /// Lets other workers take this one's builds at once.
  void release(UUID worker) {
    database.use(handle ->
        handle
            .createUpdate(
                """
                UPDATE builds SET worker_id = NULL
                WHERE worker_id = :worker AND status IN ('running', 'canceling')
                """)
            .bind("worker", worker)
            .execute());
  }

  /// Asks for the end of a build.
  ///
  /// @return false when it has ended, or is no start
  boolean cancel(BuildId id) {
    return database.with(handle ->
        handle
            .createUpdate(
                """
                UPDATE builds SET status = 'canceling'
                WHERE id = :id AND status IN ('pending', 'running', 'canceling')
                  AND transition = 'start'
                """)
            .bind("id", id)
            .execute())
        > 0;
  }

  /// Ends a build.
  ///
  /// @return false when it is another worker's by now
  boolean finish(Build build, UUID worker, BuildStatus status, Optional<String> error) {
    return database.inTransaction(handle -> {
      int changed =
          handle
              .createUpdate(
                  """
                  UPDATE builds SET status = :status, error = :error, finished_at = now()
                  WHERE id = :id AND worker_id = :worker AND status IN ('running', 'canceling')
                  """)
              .bind("status", status)
              .bind("error", error.orElse(null))
              .bind("id", build.id())
              .bind("worker", worker)
              .execute();
      if (changed > 0
          && build.transition() == Transition.DELETE
          && status == BuildStatus.SUCCEEDED) {
        handle
            .createUpdate("UPDATE workspaces SET deleted_at = now() WHERE id = :id")
            .bind("id", build.workspaceId())
            .execute();
      }
      return changed > 0;
    });
  }

  void log(BuildId id, String line) {
    String cut = line.length() <= LINE_CHARS_MAX ? line : line.substring(0, LINE_CHARS_MAX) + "…";
    database.use(handle ->
        handle
            .createUpdate("INSERT INTO build_logs (build_id, line) VALUES (:id, :line)")
            .bind("id", id)
            .bind("line", cut.replace('\0', '\uFFFD'))
            .execute());
  }

  /// Lines after this one, oldest first.
  List<Line> lines(BuildId id, long after, int limit) {
    return database.with(handle ->
        handle
            .createQuery(
                """
                SELECT id, at, line FROM build_logs
                WHERE build_id = :id AND id > :after ORDER BY id LIMIT :limit
                """)
            .bind("id", id)
            .bind("after", after)
            .bind("limit", limit)
            .mapTo(Line.class)
            .list());
  }
}
