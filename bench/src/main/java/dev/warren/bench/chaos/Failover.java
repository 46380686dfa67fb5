package dev.warren.bench.chaos;

import dev.warren.scripted.ScriptedModel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Ends the replica that writes an answer, and measures how long its subscriber waits for another
/// one to write: from the end of the process to the first text after the `reset`.
public final class Failover implements AutoCloseable {
  private static final int REPLICAS = 3;
  private static final Duration AGAIN_MAX = Duration.ofMinutes(1);
  private static final Duration BEGIN_MAX = Duration.ofSeconds(30);

  private final ScriptedModel model;
  private final Cluster cluster;

  public Failover(Path folder) {
    this.model = new ScriptedModel(Scripts.script("/dev/null"));
    model.start();
    this.cluster = new Cluster(folder, 1, REPLICAS);
    cluster.useModel(model.anthropicUrl());
  }

  /// @param clean whether it is stopped as an operator stops it, or killed
  public List<Duration> run(int times, boolean clean) {
    List<Duration> waits = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      waits.add(once("cf" + (clean ? "s" : "k") + i, clean));
    }
    return List.copyOf(waits);
  }

  private Duration once(String word, boolean clean) {
    Api api = cluster.api();
    String chat =
        api.post(
                "/chats",
                Map.of("content", List.of(Map.of("type", "text", "text", word + " story"))))
            .good()
            .path("id")
            .asString();
    try (ChatView view = new ChatView(api, chat)) {
      await("the answer has begun", BEGIN_MAX, () -> view.deltaCount() > 5);
      ReplicaProcess owner = owner(chat);
      long began = System.nanoTime();
      if (clean) {
        owner.stop();
      } else {
        owner.kill();
      }
      await("another replica writes in chat " + chat, AGAIN_MAX, () -> view.againNanos() > began);
      Duration wait = Duration.ofNanos(view.againNanos() - began);
      api.post("/chats/" + chat + "/interrupt", Map.of());
      owner.start();
      owner.awaitReady();
      return wait;
    }
  }

  private ReplicaProcess owner(String chat) {
    String url =
        cluster
            .database()
            .rows(
                "SELECT r.url FROM chats c JOIN replicas r ON r.id = c.worker_id WHERE c.id = '"
                    + chat
                    + "'")
            .getFirst()
            .getFirst();
    return cluster.replicas().stream()
        .filter(replica -> replica.peerUrl().equals(url))
        .findFirst()
        .orElseThrow();
  }

  private static void await(
      String what, Duration max, java.util.function.BooleanSupplier condition) {
    long end = System.nanoTime() + max.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("not within " + max + ": " + what);
      }
      TcpGate.pause(Duration.ofMillis(2));
    }
  }

  @Override
  public void close() {
    cluster.close();
    model.close();
  }
}
