package dev.warren.server.workspace;

import static dev.warren.server.http.Route.API;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.warren.protocol.daemon.ListeningPort;
import dev.warren.server.access.UserId;
import dev.warren.server.audit.AuditLog;
import dev.warren.server.http.Access;
import dev.warren.server.http.Page;
import dev.warren.server.http.Problems;
import dev.warren.server.http.Request;
import dev.warren.server.http.Response;
import dev.warren.server.http.Route;
import dev.warren.server.template.TemplateId;
import dev.warren.server.workspace.daemon.DaemonCallException;
import dev.warren.tunnel.PathStatus;
import java.io.OutputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/// `/api/v1/workspaces` and `/api/v1/builds`.
final class WorkspaceRoutes {
  /// Lines that are read at once for a log.
  private static final int LOG_LINES = 500;

  private static final long LOG_POLL_MS = 200;

  private final Workspaces workspaces;
  private final WorkspaceConnections connections;
  private final Supplier<URI> accessUrl;
  private final AuditLog audit;
  private final Clock clock;

  WorkspaceRoutes(
      Workspaces workspaces,
      WorkspaceConnections connections,
      Supplier<URI> accessUrl,
      AuditLog audit,
      Clock clock) {
    this.workspaces = workspaces;
    this.connections = connections;
    this.accessUrl = accessUrl;
    this.audit = audit;
    this.clock = clock;
  }

  /// Body of `POST /workspaces`.
  record Creation(String name, TemplateId templateId, Optional<Map<String, JsonNode>> parameters) {}

  /// Body of `POST /workspaces/{id}/builds`.
  record BuildOrder(Transition transition, Optional<Map<String, JsonNode>> parameters) {}

  /// The line to paste on a machine.
  record InstallCommand(String command, Instant expiresAt) {}

  /// How the workspace is reached.
  ///
  /// @param path `relay` or `direct`
  /// @param whyNotDirect absent on a direct path
  record Path(
      String path,
      @JsonProperty("rtt_ms") double rttMs,
      Optional<String> address,
      Optional<String> whyNotDirect) {
    static Path of(WorkspaceConnections.Reach reach) {
      PathStatus status = reach.path();
      return new Path(
          status.kind() == PathStatus.Kind.RELAY ? "relay" : "direct",
          Math.round(reach.rtt().toNanos() / 10_000.0) / 100.0,
          status.address(),
          status.whyNotDirect());
    }
  }

  List<Route> routes() {
    return List.of(
        Route.get(API + "/workspaces", Access.USER, this::list)
            .paged()
            .query("owner", "name")
            .forWorkspaces()
            .answers(200, Page.Of.class)
            .summary(
                "The caller's workspaces, newest first; `owner` (or `all`) for administrators"),
        Route.post(API + "/workspaces", Access.USER, this::create)
            .accepts(Creation.class)
            .idempotently()
            .forWorkspaces()
            .answers(201, WorkspaceView.class)
            .summary("Makes a workspace and starts it"),
        Route.get(
                API + "/workspaces/{id}",
                Access.USER,
                request -> Response.ok(workspaces.read(request.caller(), id(request))))
            .forWorkspaces()
            .answers(200, WorkspaceView.class)
            .summary("One workspace"),
        Route.get(API + "/workspaces/{id}/builds", Access.USER, this::builds)
            .forWorkspaces()
            .answers(200, Page.Of.class)
            .summary("The newest builds of a workspace"),
        Route.post(API + "/workspaces/{id}/builds", Access.USER, this::build)
            .accepts(BuildOrder.class)
            .idempotently()
            .forWorkspaces()
            .answers(201, Build.class)
            .summary("Starts, stops or deletes a workspace"),
        Route.post(API + "/workspaces/{id}/daemon-token", Access.USER, this::introduce)
            .forWorkspaces()
            .answers(200, InstallCommand.class)
            .summary("The line that makes any machine this external workspace"),
        Route.get(API + "/workspaces/{id}/connection", Access.USER, this::connection)
            .forWorkspaces()
            .answers(200, Path.class)
            .summary("Path and latency to the workspace"),
        Route.get(API + "/workspaces/{id}/ports", Access.USER, this::ports)
            .forWorkspaces()
            .answers(200, ListeningPort.Listing.class)
            .summary("What listens on TCP in the workspace"),
        Route.get(API + "/builds/{id}", Access.USER, request -> Response.ok(readBuild(request)))
            .forWorkspaces()
            .answers(200, Build.class)
            .summary("One build"),
        Route.get(API + "/builds/{id}/logs", Access.USER, this::logs)
            .query("follow")
            .forWorkspaces()
            .answers(200)
            .summary("A build's log as lines of text; follows it to the build's end"),
        Route.post(API + "/builds/{id}/cancel", Access.USER, this::cancel)
            .forWorkspaces()
            .answers(200, Build.class)
            .summary("Ends a start before its time"));
  }

  private Response list(Request request) {
    Optional<String> owner = request.query("owner");
    Optional<UserId> whose = Optional.of(request.caller().id());
    if (owner.isPresent()) {
      whose =
          owner.get().equals("all")
              ? Optional.empty()
              : Optional.of(new UserId(request.queryId("owner").orElseThrow()));
      boolean own = whose.filter(user -> request.caller().owns(user)).isPresent();
      if (!own && !request.caller().role().readsAll()) {
        throw Problems.forbidden("only administrators and auditors list the workspaces of others");
      }
    }
    return Response.ok(workspaces.list(whose, request.query("name"), request.page()));
  }

  private Response create(Request request) {
    Creation body = request.body(Creation.class);
    required("name", body.name());
    required("template_id", body.templateId());
    WorkspaceView made =
        workspaces.create(
            request.caller().id(),
            new Workspaces.NewWorkspace(
                new WorkspaceId(request.newId()),
                body.name(),
                body.templateId(),
                body.parameters().orElse(Map.of()),
                Optional.empty()));
    return Response.created(made);
  }

  private Response builds(Request request) {
    WorkspaceView workspace = workspaces.read(request.caller(), id(request));
    return Response.ok(new Page.Of<>(workspaces.builds(workspace.id()), Optional.empty()));
  }

  private Response build(Request request) {
    BuildOrder order = request.body(BuildOrder.class);
    required("transition", order.transition());
    WorkspaceView workspace = workspaces.read(request.caller(), id(request));
    boolean clearsUp = request.caller().isAdmin() && order.transition() != Transition.START;
    if (!clearsUp) {
      workspaces.own(request.caller(), workspace.id());
    }
    if (!request.caller().owns(workspace.owner().id())) {
      audit.record(
          request.caller(),
          "workspace." + order.transition(),
          "workspace " + workspace.id(),
          "of " + workspace.owner().username());
    }
    return Response.created(
        workspaces.build(
            new BuildId(request.newId()),
            request.caller().id(),
            workspace.id(),
            order.transition(),
            order.parameters().orElse(Map.of())));
  }

  private Response introduce(Request request) {
    WorkspaceView workspace = workspaces.own(request.caller(), id(request));
    Workspaces.Introduction introduction = workspaces.introduce(workspace.id(), clock.instant());
    audit.record(
        request.caller(),
        "daemon.token",
        "workspace " + workspace.id(),
        "valid until " + introduction.expiresAt());
    String url = accessUrl.get().toString().replaceAll("/+$", "");
    String command =
        "curl -fsSL %s/daemon/install.sh | WARREN_DAEMON_TOKEN=%s sh -s -- --url %s"
            .formatted(url, introduction.value(), url);
    return Response.ok(new InstallCommand(command, introduction.expiresAt()));
  }

  private Response connection(Request request) throws InterruptedException {
    WorkspaceView workspace = workspaces.own(request.caller(), id(request));
    try {
      return Response.ok(Path.of(connections.ping(workspace.id())));
    } catch (WorkspaceUnreachable e) {
      throw e.asProblem();
    }
  }

  private Response ports(Request request) throws InterruptedException {
    WorkspaceView workspace = workspaces.own(request.caller(), id(request));
    try {
      connections.awaitDaemon(workspace.id(), Duration.ZERO);
      return Response.ok(new ListeningPort.Listing(connections.client(workspace.id()).ports()));
    } catch (WorkspaceUnreachable e) {
      throw e.asProblem();
    } catch (DaemonCallException e) {
      throw Problems.badGateway("the daemon did not list its ports: " + e.getMessage());
    }
  }

  private Response cancel(Request request) {
    Build build = readBuild(request);
    workspaces.own(request.caller(), build.workspaceId());
    return Response.ok(workspaces.cancel(build.id()));
  }

  private Response logs(Request request) {
    BuildId id = readBuild(request).id();
    boolean follow = request.queryFlag("follow").orElse(false);
    return Response.stream("text/plain; charset=utf-8", out -> writeLog(id, follow, out));
  }

  private void writeLog(BuildId id, boolean follow, OutputStream out)
      throws java.io.IOException, InterruptedException {
    long after = 0;
    while (true) {
      // read before the lines: what is written before the end is then not missed
      boolean active =
          workspaces.findBuild(id).map(Build::status).filter(BuildStatus::isActive).isPresent();
      List<BuildStore.Line> lines = workspaces.log(id, after, LOG_LINES);
      for (BuildStore.Line line : lines) {
        out.write((line.line() + "\n").getBytes(UTF_8));
        after = line.id();
      }
      out.flush();
      if (lines.size() < LOG_LINES) {
        if (!follow || !active) {
          return;
        }
        Thread.sleep(LOG_POLL_MS);
      }
    }
  }

  private Build readBuild(Request request) {
    BuildId id = new BuildId(request.id("id"));
    Build build =
        workspaces.findBuild(id).orElseThrow(() -> Problems.notFound("there is no build " + id));
    workspaces.read(request.caller(), build.workspaceId());
    return build;
  }

  private static void required(String field, @org.jspecify.annotations.Nullable Object value) {
    if (value == null) {
      throw Problems.badInput(field, "is required");
    }
  }

  private static WorkspaceId id(Request request) {
    return new WorkspaceId(request.id("id"));
  }
}
