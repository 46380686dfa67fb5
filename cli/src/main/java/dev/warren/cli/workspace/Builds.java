package dev.warren.cli.workspace;

import dev.warren.cli.client.Api;
import dev.warren.cli.client.Console;
import dev.warren.cli.client.Failure;
import dev.warren.cli.client.ThisProgram;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/// Follows builds of workspaces: their log as it is written, then what became of them.
final class Builds {
  /// Between two looks at a build or at a daemon.
  private static final long POLL_MS = 300;

  /// For a daemon to dial in once its build has succeeded.
  private static final Duration CONNECT_DEADLINE = Duration.ofMinutes(3);

  private static final Set<String> UNFINISHED = Set.of("pending", "running", "canceling");

  private final Api api;
  private final Console console;

  Builds(Api api, Console console) {
    this.api = api;
    this.console = console;
  }

  /// Shows a build until it has ended and, for a start, until the daemon is connected.
  void follow(String workspaceId, String name, JsonNode build) {
    String buildId = Console.at(build, "id");
    String transition = Console.at(build, "transition");
    print(buildId, true);
    JsonNode ended = ended(buildId);
    String status = Console.at(ended, "status");
    if (!status.equals("succeeded")) {
      String error = Console.at(ended, "error");
      throw new Failure(
          "the build of %s %s%s".formatted(name, status, error.isEmpty() ? "" : ": " + error));
    }
    switch (transition) {
      case "stop" -> console.line(name + " is stopped");
      case "delete" -> console.line(name + " is deleted");
      default -> awaitDaemon(workspaceId, name);
    }
  }

  void print(String buildId, boolean follow) {
    String path = "/builds/" + buildId + "/logs" + (follow ? "?follow=true" : "");
    try (var body = api.stream(path, Map.of("Accept", "text/plain"));
        var lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
      lines.lines().forEach(console::line);
    } catch (IOException e) {
      throw api.unreachable(e);
    }
  }

  private JsonNode ended(String buildId) {
    while (true) {
      JsonNode build = api.get("/builds/" + buildId);
      if (!UNFINISHED.contains(Console.at(build, "status"))) {
        return build;
      }
      pause();
    }
  }

  private void awaitDaemon(String workspaceId, String name) {
    Instant begun = Instant.now();
    boolean said = false;
    while (true) {
      JsonNode workspace = api.get("/workspaces/" + workspaceId);
      if (Console.at(workspace, "daemon.status").equals("connected")) {
        console.progressEnd();
        console.line(name + " is running");
        return;
      }
      if (Duration.between(begun, Instant.now()).compareTo(CONNECT_DEADLINE) > 0) {
        console.progressEnd();
        throw new Failure(
            "%s was built, but its daemon has not connected within %d s: see %s"
                .formatted(name, CONNECT_DEADLINE.toSeconds(), ThisProgram.line("logs " + name)));
      }
      if (!said) {
        console.progress("Waiting for the daemon of " + name);
        said = true;
      }
      pause();
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure("interrupted", e);
    }
  }
}
