package dev.warren.bench;

import java.time.Duration;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// A local workspace of a control plane, from when it runs; closing it deletes it, since it would
/// outlive the control plane.
final class LocalWorkspace implements AutoCloseable {
  private static final Duration DEADLINE = Duration.ofMinutes(5);

  private final Warren warren;
  private final String id;

  LocalWorkspace(Warren warren, String name) {
    this.warren = warren;
    String template = "";
    for (JsonNode item : warren.get("/templates").path("items")) {
      if (item.path("engine").asString("").equals("local")) {
        template = item.path("id").asString();
      }
    }
    this.id =
        warren
            .post("/workspaces", Map.of("name", name, "template_id", template))
            .path("id")
            .asString();
    awaitStatus("running");
  }

  String id() {
    return id;
  }

  private void awaitStatus(String wanted) {
    long end = System.nanoTime() + DEADLINE.toNanos();
    String status = "";
    while (!status.equals(wanted)) {
      if (System.nanoTime() > end || status.equals("failed")) {
        throw new IllegalStateException("the workspace is " + status + ", not " + wanted);
      }
      Program.pause(Duration.ofMillis(100));
      status = warren.get("/workspaces/" + id).path("status").asString("");
    }
  }

  @Override
  public void close() {
    warren.post("/workspaces/" + id + "/builds", Map.of("transition", "delete"));
    awaitStatus("deleted");
  }
}
