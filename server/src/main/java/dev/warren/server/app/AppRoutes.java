package dev.warren.server.app;

import static dev.warren.server.http.Route.API;

import dev.warren.server.http.Access;
import dev.warren.server.http.Problems;
import dev.warren.server.http.Request;
import dev.warren.server.http.Response;
import dev.warren.server.http.Route;
import dev.warren.server.http.app.AppAddress;
import dev.warren.server.workspace.WorkspaceId;
import dev.warren.server.workspace.WorkspaceView;
import dev.warren.server.workspace.Workspaces;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/// `/api/v1/workspaces/{id}/ports/{port}/link`.
public final class AppRoutes {
  private static final int PORT_MAX = 65_535;
  private static final int PATH_CHARS_MAX = 2_000;

  private final Workspaces workspaces;
  private final Apps apps;

  public AppRoutes(Workspaces workspaces, Apps apps) {
    this.workspaces = workspaces;
    this.apps = apps;
  }

  /// Body of the request.
  ///
  /// @param path where the page is to begin, `/` when absent
  record Wanted(Optional<String> path) {}

  /// What to open, once and within a minute.
  record Link(URI url) {}

  public List<Route> routes() {
    return List.of(
        Route.post(API + "/workspaces/{id}/ports/{port}/link", Access.USER, this::link)
            .acceptsOptional(Wanted.class)
            .forWorkspaces()
            .answers(200, Link.class)
            .summary("A link that opens a port of the workspace in the browser, once"));
  }

  private Response link(Request request) {
    WorkspaceView workspace = workspaces.own(request.caller(), new WorkspaceId(request.id("id")));
    String number = request.path("port");
    int port = number.matches("[1-9][0-9]{0,4}") ? Integer.parseInt(number) : 0;
    if (port < 1 || port > PORT_MAX) {
      throw Problems.badInput("port", "is not a number from 1 to 65535: " + number);
    }
    String path = request.bodyIfAny(Wanted.class).flatMap(Wanted::path).orElse("/");
    boolean good =
        path.startsWith("/")
            && !path.startsWith("//")
            && path.length() <= PATH_CHARS_MAX
            && path.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '\\');
    if (!good) {
      throw Problems.badInput(
          "path", "is not a path of printable ASCII that begins with one slash");
    }
    return Response.ok(
        new Link(apps.link(request.caller(), new AppAddress(workspace.id().value(), port), path)));
  }
}
