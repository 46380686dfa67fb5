package dev.warren.server.workspace;

import dev.warren.protocol.UuidV7;
import dev.warren.server.access.Caller;
import dev.warren.server.access.UserId;
import dev.warren.server.http.Page;
import dev.warren.server.http.Problems;
import dev.warren.server.template.EngineKind;
import dev.warren.server.template.ParameterValues;
import dev.warren.server.template.Template;
import dev.warren.server.template.TemplateId;
import dev.warren.server.template.TemplateParameter;
import dev.warren.server.template.Templates;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What people and agents do with workspaces. Asking for a build only writes it down; [BuildWorker]
/// carries it out.
public final class Workspaces {
  /// Most workspaces of one user.
  private static final int PER_USER_MAX = 200;

  /// Most builds that are listed.
  private static final int BUILDS_LISTED_MAX = 50;

  /// Lines of a log that are read at once.
  private static final int LOG_LINES = 200;

  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9_-]{0,62}[A-Za-z0-9])?");

  private final WorkspaceStore store;
  private final BuildStore builds;
  private final Daemons daemons;
  private final BuildWorker worker;
  private final Templates templates;
  private final WorkspaceChanges changes;
  private final boolean hostIsOwn;

  /// @param hostIsOwn whether the control plane listens on loopback only, so that its one user is
  ///   at home on the host
  Workspaces(
      WorkspaceStore store,
      BuildStore builds,
      Daemons daemons,
      BuildWorker worker,
      Templates templates,
      WorkspaceChanges changes,
      boolean hostIsOwn) {
    this.store = store;
    this.builds = builds;
    this.daemons = daemons;
    this.worker = worker;
    this.templates = templates;
    this.changes = changes;
    this.hostIsOwn = hostIsOwn;
  }

  /// A workspace to be.
  ///
  /// @param callId the tool call that asks for it, by which a repeated one finds it
  public record NewWorkspace(
      WorkspaceId id,
      String name,
      TemplateId templateId,
      Map<String, JsonNode> parameters,
      Optional<UUID> callId) {
    public NewWorkspace {
      parameters = Map.copyOf(parameters);
    }
  }

  /// Tells `listener` of each workspace that may look different.
  public WorkspaceChanges changes() {
    return changes;
  }

  /// A workspace and its first build. Asking again with the same id answers what is there.
  public WorkspaceView create(UserId owner, NewWorkspace wanted) {
    if (!NAME.matcher(wanted.name()).matches()) {
      throw Problems.badInput(
          "name", "is not 1 to 64 letters, digits, '-' and '_': " + wanted.name());
    }
    Template template =
        templates
            .find(wanted.templateId())
            .orElseThrow(
                () -> Problems.badInput("template_id", "is no template: " + wanted.templateId()));
    if (!mayUse(owner, template)) {
      throw Problems.forbidden(
          "workspaces of the template "
              + template.name()
              + " run on the control plane's own machine, so only administrators may make them");
    }
    ParameterValues values =
        valid(
            ParameterValues.resolve(template.parameters(), wanted.parameters(), Optional.empty()));
    if (store.count(owner) >= PER_USER_MAX) {
      throw Problems.conflict("a user has at most " + PER_USER_MAX + " workspaces");
    }
    WorkspaceStore.NewBuild build =
        new WorkspaceStore.NewBuild(
            newBuildId(),
            Transition.START,
            template.activeVersionId(),
            values.values(),
            Optional.of(owner));
    Optional<WorkspaceId> made =
        store.insert(wanted.id(), owner, wanted.name(), template.id(), wanted.callId(), build);
    if (made.isEmpty()) {
      return store
          .find(wanted.id())
          .or(() -> wanted.callId().flatMap(store::findByCall))
          .map(this::view)
          .orElseThrow(
              () -> Problems.conflict("there is a workspace named " + wanted.name() + " already"));
    }
    woken(wanted.id());
    return get(wanted.id());
  }

  /// Whether this user may make workspaces of the template.
  public boolean mayUse(UserId user, Template template) {
    return template.engine() != EngineKind.LOCAL || store.mayUseHost(user, hostIsOwn);
  }

  /// Also a deleted one.
  public Optional<WorkspaceView> find(WorkspaceId id) {
    return store.find(id).map(this::view);
  }

  public Optional<WorkspaceView> findByName(UserId owner, String name) {
    return store.findByName(owner, name).map(this::view);
  }

  public Optional<WorkspaceView> findByCall(UUID callId) {
    return store.findByCall(callId).map(this::view);
  }

  public WorkspaceView get(WorkspaceId id) {
    return find(id).orElseThrow(() -> Problems.notFound("there is no workspace " + id));
  }

  /// The workspace, when the caller may look at it.
  public WorkspaceView read(Caller caller, WorkspaceId id) {
    return find(id)
        .filter(workspace -> caller.mayRead(workspace.owner().id()))
        .orElseThrow(() -> Problems.notFound("there is no workspace " + id));
  }

  /// The workspace, when it is the caller's.
  public WorkspaceView own(Caller caller, WorkspaceId id) {
    WorkspaceView workspace = read(caller, id);
    if (!caller.owns(workspace.owner().id())) {
      throw Problems.forbidden("the workspace " + workspace.name() + " is another user's");
    }
    return workspace;
  }

  /// Newest first.
  ///
  /// @param owner whose; every user's when absent
  public Page.Of<WorkspaceView> list(Optional<UserId> owner, Optional<String> name, Page page) {
    Optional<UUID> before = page.cursor().map(Workspaces::cursor);
    List<WorkspaceView> rows =
        store.list(owner, name, before, page.limit() + 1).stream().map(this::view).toList();
    return page.cut(rows, workspace -> workspace.id().toString());
  }

  /// Newest first, at most this many.
  public List<WorkspaceView> newest(UserId owner, int max) {
    return store.list(Optional.of(owner), Optional.empty(), Optional.empty(), max).stream()
        .map(this::view)
        .toList();
  }

  /// Asks for a build.
  ///
  /// @param given parameters to change; the others stay
  public Build build(
      UserId initiator, WorkspaceId id, Transition transition, Map<String, JsonNode> given) {
    return build(newBuildId(), initiator, id, transition, given);
  }

  private static BuildId newBuildId() {
    return new BuildId(UuidV7.next());
  }

  /// The same under this id. Asking again with it answers the build that is there.
  public Build build(
      BuildId buildId,
      UserId initiator,
      WorkspaceId id,
      Transition transition,
      Map<String, JsonNode> given) {
    Optional<Build> made = findBuild(buildId);
    if (made.isPresent()) {
      return made.get();
    }
    Workspace workspace =
        store
            .find(id)
            .filter(found -> found.status() != WorkspaceStatus.DELETED)
            .orElseThrow(() -> Problems.notFound("there is no workspace " + id));
    Build latest = workspace.latestBuild();
    if (latest.status().isActive()) {
      throw Problems.conflict(
          "the workspace "
              + workspace.name()
              + " has a "
              + latest.transition()
              + " build that is "
              + latest.status()
              + "; wait for its end, or cancel it");
    }
    if (!given.isEmpty() && transition != Transition.START) {
      throw Problems.badInput("parameters", "are for a start only");
    }
    List<TemplateParameter> parameters = templates.parameters(latest.templateVersionId());
    ObjectNode values = latest.parameters();
    if (transition == Transition.START) {
      values =
          valid(ParameterValues.resolve(parameters, given, Optional.of(latest.parameters())))
              .values();
    }
    BuildId build =
        store
            .addBuild(
                id,
                new WorkspaceStore.NewBuild(
                    buildId,
                    transition,
                    latest.templateVersionId(),
                    values,
                    Optional.of(initiator)))
            .orElseThrow(
                () -> Problems.conflict("another build of " + workspace.name() + " has begun"));
    woken(id);
    return findBuild(build).orElseThrow();
  }

  public Optional<Build> findBuild(BuildId id) {
    return builds.find(id);
  }

  public List<Build> builds(WorkspaceId id) {
    return store.builds(id, BUILDS_LISTED_MAX);
  }

  /// Ends a start before its time; its answer is the build as it is then.
  public Build cancel(BuildId id) {
    if (!builds.cancel(id)) {
      throw Problems.conflict("only a start that has not ended can be canceled");
    }
    worker.cancelNow();
    return findBuild(id).orElseThrow();
  }

  /// Lines of a build's log after this one.
  List<BuildStore.Line> log(BuildId id, long after, int limit) {
    return builds.lines(id, after, limit);
  }

  /// A line of a build's log.
  ///
  /// @param number grows along the log
  public record LogLine(long number, String text) {}

  /// The next lines of a build's log, at most a few hundred.
  public List<LogLine> logAfter(BuildId id, long number) {
    return builds.lines(id, number, LOG_LINES).stream()
        .map(line -> new LogLine(line.id(), line.line()))
        .toList();
  }

  /// A token with which a machine becomes this external workspace.
  ///
  /// @param value the secret
  record Introduction(String value, Instant expiresAt) {
    @Override
    public String toString() {
      return "Introduction[***, " + expiresAt + "]";
    }
  }

  /// Makes a token for the workspace's newest build; an earlier one is void.
  Introduction introduce(WorkspaceId id, Instant now) {
    Workspace workspace =
        store.find(id).orElseThrow(() -> Problems.notFound("there is no workspace " + id));
    if (workspace.engine() != EngineKind.EXTERNAL) {
      throw Problems.conflict(
          "the workspace %s has the engine %s, which brings its daemon itself"
              .formatted(workspace.name(), workspace.engine()));
    }
    if (!workspace.expectsDaemon()) {
      throw Problems.conflict(
          "the workspace " + workspace.name() + " is " + workspace.status() + "; start it first");
    }
    Duration ttl = Daemons.TOKEN_TTL;
    Instant expiresAt = now.plus(ttl);
    DaemonToken token = daemons.newToken(workspace.latestBuild().id(), Optional.of(expiresAt));
    return new Introduction(token.value(), expiresAt);
  }

  /// Notes that somebody works in the workspace.
  public void used(WorkspaceId id) {
    store.used(id);
  }

  /// How often each template is used, by template.
  public Map<TemplateId, Popularity> popularity(UserId user) {
    return store.popularity(user).stream()
        .collect(
            java.util.stream.Collectors.toMap(
                WorkspaceStore.Popularity::templateId,
                row -> new Popularity(row.activeDevelopers(), row.yourWorkspaces())));
  }

  /// Users with a workspace of a template, and how many of them are the asking user's own.
  public record Popularity(int activeDevelopers, int yourWorkspaces) {
    public static final Popularity NONE = new Popularity(0, 0);
  }

  /// A new workspace's id.
  public static WorkspaceId newId() {
    return new WorkspaceId(UuidV7.next());
  }

  private WorkspaceView view(Workspace workspace) {
    boolean mayBeUp =
        !workspace.expectsDaemon() || worker.engine(workspace.engine()).mayBeUp(workspace.id());
    return WorkspaceView.of(workspace, daemons.status(workspace, mayBeUp));
  }

  private void woken(WorkspaceId id) {
    worker.wake();
    changes.changed(id);
  }

  private static ParameterValues valid(ParameterValues.Outcome outcome) {
    return switch (outcome) {
      case ParameterValues.Outcome.Valid(ParameterValues values) -> values;
      case ParameterValues.Outcome.Invalid(var errors) -> throw Problems.badInput(errors);
    };
  }

  private static UUID cursor(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw Problems.badInput("cursor", "is not a cursor; take next_cursor of the answer before");
    }
  }
}
