package dev.warren.bench.chaos;

import dev.warren.scripted.ScriptedModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;

/// The replica that works on a chat is paused (`SIGSTOP`) during a command for longer than its
/// lease lasts, another takes the chat over and ends its turn, and then the first one goes on as if
/// nothing had been.
public final class LateOwner implements AutoCloseable {
  private static final int REPLICAS = 2;
  private static final Duration STEP_MAX = Duration.ofMinutes(1);
  private static final String WORD = "clate";

  private final Path ran;
  private final ScriptedModel model;
  private final Cluster cluster;

  public LateOwner(Path folder) {
    this.ran = folder.resolve("ran");
    this.model = new ScriptedModel(Scripts.script(ran.toString()));
    model.start();
    this.cluster = new Cluster(folder, 1, REPLICAS);
    cluster.useModel(model.anthropicUrl());
    cluster.addWorkspaces(1);
  }

  /// What there is when the first owner has been awake again for a while.
  ///
  /// @param ran lines that the command has written
  /// @param roles of the chat's messages, in order
  /// @param status of the chat
  /// @param versionTakenOver of the chat when the second owner had ended the turn
  /// @param version of the chat now
  /// @param next the status after one more message, to the first owner
  public record Outcome(
      List<String> ran,
      List<String> roles,
      String status,
      long versionTakenOver,
      long version,
      String next) {}

  public Outcome run() {
    Api api = cluster.api();
    String chat =
        api.post(
                "/chats",
                Map.of(
                    "content",
                    List.of(Map.of("type", "text", "text", WORD + " long")),
                    "title",
                    "late",
                    "workspace_id",
                    cluster.workspaces().getFirst()))
            .good()
            .path("id")
            .asString();
    await("the command runs", () -> Files.exists(ran));
    ReplicaProcess first = owner(chat);
    String identity = identity(first);
    ReplicaProcess second =
        cluster.replicas().stream().filter(it -> it != first).findFirst().orElseThrow();
    cluster.gate().lead(List.of(second.port()));
    first.signal("STOP");
    try {
      await("the second owner ends the turn", () -> Verdict.isIdle(chat(chat)));
    } finally {
      first.signal("CONT");
    }
    String status = chat(chat).path("status").asString();
    long takenOver = version(chat);
    await("the first one sees that it was given up", () -> isAnother(first, identity));
    first.awaitReady();
    long now = version(chat);
    List<String> roles =
        api.get("/chats/" + chat + "/messages")
            .good()
            .path("items")
            .valueStream()
            .map(message -> message.path("role").asString())
            .toList();
    cluster.gate().lead(List.of(first.port()));
    JsonNode _ =
        api.post(
                "/chats/" + chat + "/messages",
                Map.of("content", List.of(Map.of("type", "text", "text", WORD + " plain"))))
            .good();
    await("one more turn ends", () -> Verdict.isIdle(chat(chat)));
    String next = chat(chat).path("status").asString();
    return new Outcome(lines(), roles, status, takenOver, now, next);
  }

  private JsonNode chat(String id) {
    return cluster.api().get("/chats/" + id).good();
  }

  private long version(String chat) {
    return Long.parseLong(one("SELECT version FROM chats WHERE id = '" + chat + "'"));
  }

  private ReplicaProcess owner(String chat) {
    String url =
        one(
            "SELECT r.url FROM chats c JOIN replicas r ON r.id = c.worker_id WHERE c.id = '"
                + chat
                + "'");
    return cluster.replicas().stream()
        .filter(replica -> replica.peerUrl().equals(url))
        .findFirst()
        .orElseThrow();
  }

  /// What a replica works as; one that was taken for dead comes back as another.
  private String identity(ReplicaProcess replica) {
    return one("SELECT id FROM replicas WHERE url = '" + replica.peerUrl() + "'");
  }

  private boolean isAnother(ReplicaProcess replica, String identity) {
    List<List<String>> rows =
        cluster.database().rows("SELECT id FROM replicas WHERE url = '" + replica.peerUrl() + "'");
    return rows.size() == 1 && !rows.getFirst().getFirst().equals(identity);
  }

  private String one(String sql) {
    return cluster.database().rows(sql).getFirst().getFirst();
  }

  private List<String> lines() {
    try {
      return Files.readAllLines(ran);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + STEP_MAX.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("not within " + STEP_MAX + ": " + what);
      }
      TcpGate.pause(Duration.ofMillis(50));
    }
  }

  @Override
  public void close() {
    cluster.close();
    model.close();
  }
}
