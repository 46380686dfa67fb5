package dev.warren.cli.workspace;

import dev.warren.cli.client.Api;
import dev.warren.cli.client.Console;
import dev.warren.cli.client.Failure;
import dev.warren.cli.client.ThisProgram;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// A workspace of which the control plane says that it runs.
record RunningWorkspace(String id, String name) {
  /// Workspaces are also called this way in ssh's configuration.
  static final String SUFFIX = ".warren";

  /// Most looks until it runs: a stop that is under way, then a start, then what others do.
  private static final int TRIES_MAX = 5;

  /// Waits for a workspace that is being started, and starts one that is stopped.
  ///
  /// @param given name, name with [#SUFFIX], or id
  static RunningWorkspace of(Api api, String given, Console progress) {
    String plain =
        given.endsWith(SUFFIX) ? given.substring(0, given.length() - SUFFIX.length()) : given;
    JsonNode workspace = Workspaces.find(api, plain);
    String id = Console.at(workspace, "id");
    String name = Console.at(workspace, "name");
    Builds builds = new Builds(api, progress);
    for (int tries = 0; tries < TRIES_MAX; tries++) {
      String status = Console.at(workspace, "status");
      switch (status) {
        case "running" -> {
          return new RunningWorkspace(id, name);
        }
        case "pending", "starting", "stopping" ->
            builds.follow(id, name, workspace.path("latest_build"));
        case "stopped", "failed" -> start(api, builds, id, name, progress);
        default -> throw new Failure("the workspace %s is %s".formatted(name, status));
      }
      workspace = api.get("/workspaces/" + id);
    }
    throw new Failure(
        "the workspace %s does not come up: see %s"
            .formatted(name, ThisProgram.line("logs " + name)));
  }

  private static void start(Api api, Builds builds, String id, String name, Console progress) {
    progress.line("Starting " + name);
    try {
      builds.follow(
          id, name, api.postOnce("/workspaces/" + id + "/builds", Map.of("transition", "start")));
    } catch (Failure e) {
      if (e.status() != 409) { // else somebody else began a build, which is followed next
        throw e;
      }
    }
  }
}
